DROP AGGREGATE public.gone(integer);
CREATE FUNCTION public.add(a integer, b integer)
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE
AS $function$select a + b$function$;
CREATE AGGREGATE public.total(integer) (
    SFUNC = public.add,
    STYPE = integer,
    INITCOND = '0',
    PARALLEL = SAFE
);
