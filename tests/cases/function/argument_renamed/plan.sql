DROP FUNCTION public.f(integer);
CREATE FUNCTION public.f(b integer)
 RETURNS integer
 LANGUAGE sql
AS $function$select 1$function$;
REVOKE EXECUTE ON FUNCTION public.f(integer) FROM PUBLIC;
COMMENT ON FUNCTION public.f(integer) IS 'it';
