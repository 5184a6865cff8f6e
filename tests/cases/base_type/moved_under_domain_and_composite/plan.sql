DROP VIEW public.v;
DROP FUNCTION public.f(public.num);
ALTER TABLE public.t ALTER COLUMN n DROP DEFAULT;
CREATE SCHEMA s;
CREATE TYPE s.num;
ALTER DOMAIN public.d RENAME TO d__old;
ALTER TYPE public.c RENAME TO c__old;
ALTER FUNCTION public.num_in(cstring) RENAME TO num_in__old;
ALTER TYPE public.num RENAME TO num__old;
CREATE FUNCTION public.num_in(cstring)
 RETURNS s.num
 LANGUAGE internal
 IMMUTABLE STRICT
AS $function$int4in$function$;
CREATE FUNCTION public.num_out(s.num)
 RETURNS cstring
 LANGUAGE internal
 IMMUTABLE STRICT
AS $function$int4out$function$;
CREATE TYPE s.num (
    INPUT = public.num_in,
    OUTPUT = public.num_out,
    INTERNALLENGTH = 4,
    PASSEDBYVALUE,
    ALIGNMENT = int4,
    STORAGE = plain
);
CREATE TYPE public.c AS (
    a s.num,
    b integer
);
CREATE DOMAIN public.d AS s.num;
ALTER TABLE public.t
    ALTER COLUMN n TYPE s.num USING n::text::s.num,
    ALTER COLUMN e TYPE public.d USING e::text::public.d,
    ALTER COLUMN f TYPE public.c USING f::text::public.c,
    ALTER COLUMN g TYPE s.num[] USING g::text::s.num[];
ALTER TABLE public.t ALTER COLUMN n SET DEFAULT '1'::s.num;
CREATE FUNCTION public.f(s.num)
 RETURNS s.num
 LANGUAGE sql
RETURN $1;
CREATE VIEW public.v AS
 SELECT n,
    e
   FROM public.t;
DROP DOMAIN public.d__old;
DROP TYPE public.c__old;
DROP TYPE public.num__old CASCADE;
