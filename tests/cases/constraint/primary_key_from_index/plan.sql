DROP INDEX public.t_pkey;
ALTER TABLE public.t ADD CONSTRAINT t_pkey PRIMARY KEY (a);
