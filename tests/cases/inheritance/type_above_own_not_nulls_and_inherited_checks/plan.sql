CREATE TABLE public.t3__keeper (id integer, b integer);
ALTER TABLE public.t3__keeper ADD CONSTRAINT t1_b_check CHECK ((b > 0));
ALTER TABLE public.t3 INHERIT public.t3__keeper;
ALTER TABLE public.t3 NO INHERIT public.t1;
ALTER TABLE public.t1 ALTER COLUMN a TYPE bigint;
ALTER TABLE public.t3 ALTER COLUMN a TYPE bigint;
ALTER TABLE public.t3 INHERIT public.t1;
ALTER TABLE public.t3 NO INHERIT public.t3__keeper;
DROP TABLE public.t3__keeper;
