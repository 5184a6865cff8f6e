ALTER TABLE public.c NO INHERIT public.a;
CREATE DOMAIN public.d AS public.c;
ALTER TABLE public.c INHERIT public.a;
ALTER TABLE public.t ALTER COLUMN a TYPE bigint;
ALTER TABLE public.u ADD COLUMN x public.t[];
ALTER TABLE public.v ADD COLUMN x public.d;
