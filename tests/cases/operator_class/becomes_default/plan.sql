DROP OPERATOR CLASS public.oc USING brin;
DROP TYPE public.box4 CASCADE;
CREATE TYPE public.box4;
CREATE FUNCTION public.box4_in(cstring)
 RETURNS public.box4
 LANGUAGE internal
 IMMUTABLE STRICT
AS $function$point_in$function$;
CREATE FUNCTION public.box4_out(public.box4)
 RETURNS cstring
 LANGUAGE internal
 IMMUTABLE STRICT
AS $function$point_out$function$;
CREATE TYPE public.box4 (
    INPUT = public.box4_in,
    OUTPUT = public.box4_out,
    SUBSCRIPT = pg_catalog.raw_array_subscript_handler,
    INTERNALLENGTH = 16,
    ALIGNMENT = double,
    STORAGE = plain,
    ELEMENT = double precision
);
CREATE UNIQUE INDEX t_ab ON public.t (a, b);
CREATE OR REPLACE AGGREGATE public.most(ORDER BY anyelement) (
    SFUNC = pg_catalog.ordered_set_transition,
    STYPE = internal,
    FINALFUNC = pg_catalog.mode_final,
    FINALFUNC_EXTRA,
    FINALFUNC_MODIFY = SHAREABLE
);
CREATE OPERATOR CLASS public.oc DEFAULT FOR TYPE money USING brin FAMILY public.oc AS
    OPERATOR 1 pg_catalog.<(money, money);
