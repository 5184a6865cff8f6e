ALTER FUNCTION public.num_in(cstring) RENAME TO num_in__old;
ALTER FUNCTION public.num_out(public.num) RENAME TO num_out__old;
ALTER TYPE public.num RENAME TO num__old;
CREATE TYPE public.num;
CREATE FUNCTION public.num_in(cstring)
 RETURNS public.num
 LANGUAGE internal
 IMMUTABLE STRICT
AS $function$int8in$function$;
CREATE FUNCTION public.num_out(public.num)
 RETURNS cstring
 LANGUAGE internal
 IMMUTABLE STRICT
AS $function$int8out$function$;
CREATE TYPE public.num (
    INPUT = public.num_in,
    OUTPUT = public.num_out,
    INTERNALLENGTH = 8,
    PASSEDBYVALUE,
    ALIGNMENT = double,
    STORAGE = plain
);
ALTER TABLE public.t ALTER COLUMN n TYPE public.num USING n::text::public.num;
DROP TYPE public.num__old CASCADE;
