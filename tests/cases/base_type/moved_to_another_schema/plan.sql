DROP CAST (public.num AS integer);
DROP OPERATOR public.= (public.num, public.num);
DROP FUNCTION public.num_eq(public.num, public.num);
CREATE SCHEMA s;
CREATE TYPE s.num;
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
ALTER TABLE public.t
    ALTER COLUMN n TYPE s.num USING n::text::s.num,
    ALTER COLUMN many TYPE s.num[] USING many::text::s.num[];
CREATE FUNCTION public.num_eq(s.num, s.num)
 RETURNS boolean
 LANGUAGE internal
 IMMUTABLE STRICT
AS $function$int4eq$function$;
COMMENT ON FUNCTION public.num_in(cstring) IS 'reads';
CREATE OPERATOR public.= (
    FUNCTION = public.num_eq,
    LEFTARG = s.num,
    RIGHTARG = s.num
);
CREATE CAST (s.num AS integer) WITHOUT FUNCTION;
DROP TYPE public.num__old CASCADE;
