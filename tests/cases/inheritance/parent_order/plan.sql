CREATE TABLE public.c__keeper (a integer, b integer);
ALTER TABLE public.c INHERIT public.c__keeper;
ALTER TABLE public.c NO INHERIT public.p;
ALTER TABLE public.c INHERIT public.p;
ALTER TABLE public.c NO INHERIT public.c__keeper;
DROP TABLE public.c__keeper;
