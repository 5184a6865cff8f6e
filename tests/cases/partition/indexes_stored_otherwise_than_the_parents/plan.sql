ALTER TABLE public.k ADD CONSTRAINT k_a_not_null NOT NULL a;
ALTER TABLE public.k ADD CONSTRAINT k_b_not_null NOT NULL b;
ALTER TABLE public.k1 ADD CONSTRAINT k1_pkey PRIMARY KEY (a, b) WITH (fillfactor = 60);
ALTER TABLE public.k ADD CONSTRAINT k_pkey PRIMARY KEY (a, b);
CREATE INDEX p2_b_idx ON public.p2 (b);
CREATE INDEX i ON public.r (b) WITH (fillfactor='80');
