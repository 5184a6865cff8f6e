CREATE TYPE public.num;
CREATE FUNCTION public.num_in(cstring)
 RETURNS public.num
 LANGUAGE internal
 IMMUTABLE STRICT
AS $function$int4in$function$;
CREATE FUNCTION public.num_out(public.num)
 RETURNS cstring
 LANGUAGE internal
 IMMUTABLE STRICT
AS $function$int4out$function$;
CREATE TYPE public.num (
    INPUT = public.num_in,
    OUTPUT = public.num_out,
    INTERNALLENGTH = 4,
    PASSEDBYVALUE,
    ALIGNMENT = int4,
    STORAGE = plain
);
CREATE TABLE public.t (
    n public.num
);
