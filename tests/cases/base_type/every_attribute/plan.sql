DROP FUNCTION public.num_receive(internal);
DROP FUNCTION public.num_send(public.num);
DROP TYPE public.num CASCADE;
CREATE TYPE public.num;
CREATE FUNCTION public.num_in2(cstring)
 RETURNS public.num
 LANGUAGE internal
 IMMUTABLE STRICT
AS $function$textin$function$;
CREATE FUNCTION public.num_out2(public.num)
 RETURNS cstring
 LANGUAGE internal
 IMMUTABLE STRICT
AS $function$textout$function$;
CREATE FUNCTION public.num_receive(internal)
 RETURNS public.num
 LANGUAGE internal
 STABLE STRICT
AS $function$textrecv$function$;
CREATE FUNCTION public.num_send(public.num)
 RETURNS bytea
 LANGUAGE internal
 STABLE STRICT
AS $function$textsend$function$;
CREATE TYPE public.num (
    INPUT = public.num_in2,
    OUTPUT = public.num_out2,
    RECEIVE = public.num_receive,
    SEND = public.num_send,
    TYPMOD_IN = pg_catalog.varchartypmodin,
    TYPMOD_OUT = pg_catalog.varchartypmodout,
    ANALYZE = pg_catalog.array_typanalyze,
    INTERNALLENGTH = VARIABLE,
    ALIGNMENT = double,
    STORAGE = plain,
    CATEGORY = 'N',
    PREFERRED = true,
    DEFAULT = '7',
    DELIMITER = ';',
    COLLATABLE = true
);
