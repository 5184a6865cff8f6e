ALTER TABLE public.t NO INHERIT public.p;
ALTER TABLE public.t DROP COLUMN a;
