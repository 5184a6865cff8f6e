ALTER TABLE public.p ADD COLUMN b integer;
