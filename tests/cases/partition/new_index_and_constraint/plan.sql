ALTER TABLE public.t ADD CONSTRAINT positive CHECK ((b > 0));
ALTER TABLE public.t ADD CONSTRAINT t_pkey PRIMARY KEY (a, b);
CREATE INDEX t_b ON public.t (b);
