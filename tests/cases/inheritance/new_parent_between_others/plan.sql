CREATE TABLE public.t__keeper (a integer, c integer);
ALTER TABLE public.t__keeper ADD CONSTRAINT r_c_not_null NOT NULL c;
ALTER TABLE public.t INHERIT public.t__keeper;
ALTER TABLE public.t NO INHERIT public.r;
ALTER TABLE public.t__keeper ADD COLUMN b integer;
ALTER TABLE public.t INHERIT public.q;
ALTER TABLE public.t INHERIT public.r;
ALTER TABLE public.t NO INHERIT public.t__keeper;
DROP TABLE public.t__keeper;
