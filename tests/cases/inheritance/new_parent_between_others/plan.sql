CREATE TABLE public.t__keeper (a integer, c integer);
ALTER TABLE public.t__keeper ALTER COLUMN c SET NOT NULL;
ALTER TABLE public.t INHERIT public.t__keeper;
ALTER TABLE public.t NO INHERIT public.r;
ALTER TABLE public.t__keeper ADD COLUMN b integer;
ALTER TABLE public.t INHERIT public.q;
ALTER TABLE public.t INHERIT public.r;
ALTER TABLE public.t NO INHERIT public.t__keeper;
DROP TABLE public.t__keeper;
