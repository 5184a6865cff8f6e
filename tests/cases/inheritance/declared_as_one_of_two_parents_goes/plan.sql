CREATE TABLE public.heir__keeper (c integer);
ALTER TABLE public.heir INHERIT public.heir__keeper;
ALTER TABLE public.heir NO INHERIT public.p;
ALTER TABLE public.heir NO INHERIT public.q;
ALTER TABLE public.q DROP COLUMN a;
ALTER TABLE public.heir INHERIT public.q;
ALTER TABLE public.heir NO INHERIT public.heir__keeper;
DROP TABLE public.heir__keeper;
DROP TABLE public.below;
