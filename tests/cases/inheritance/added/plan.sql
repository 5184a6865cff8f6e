ALTER TABLE public.c INHERIT public.p;
ALTER TABLE public.c INHERIT public.q;
