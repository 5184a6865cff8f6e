DROP VIEW public.v;
DROP INDEX public.um_a_idx;
ALTER TABLE public.um DROP CONSTRAINT um_k_check;
ALTER TABLE public.ug ALTER COLUMN x TYPE text USING x::text;
ALTER TABLE public.g ALTER COLUMN c SET EXPRESSION AS ((a + 2));
ALTER TABLE public.ul ALTER COLUMN x TYPE text USING x::text;
ALTER TABLE public.l SET LOGGED;
ALTER TABLE public.um ALTER COLUMN x TYPE text USING x::text;
ALTER TABLE public.um ALTER COLUMN k TYPE text USING k::text;
ALTER TABLE public.m ALTER COLUMN b TYPE bigint;
ALTER TABLE public.u ALTER COLUMN x TYPE text USING x::text;
ALTER TABLE public.u ALTER COLUMN y TYPE text USING y::text;
ALTER TABLE public.t ALTER COLUMN a TYPE bigint;
ALTER TABLE public.u ALTER COLUMN x TYPE public.t USING x::public.t;
ALTER TABLE public.u ALTER COLUMN y TYPE public.t[] USING y::public.t[];
ALTER TABLE public.ug ALTER COLUMN x TYPE public.g USING x::public.g;
ALTER TABLE public.ul ALTER COLUMN x TYPE public.dl USING x::public.dl;
ALTER TABLE public.um ALTER COLUMN x TYPE public.m1 USING x::public.m1;
ALTER TABLE public.um ALTER COLUMN k TYPE public.m USING k::public.m;
ALTER TABLE public.um ADD CONSTRAINT um_k_check CHECK (((k).b > 0));
CREATE INDEX um_a_idx ON public.um (((k).a));
CREATE VIEW public.v AS
 SELECT (k).b AS b,
    x
   FROM public.um;
