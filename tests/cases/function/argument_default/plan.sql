DROP FUNCTION public.f(integer, integer);
CREATE FUNCTION public.f(a integer, b integer)
 RETURNS integer
 LANGUAGE sql
AS $function$select 1$function$;
CREATE OR REPLACE FUNCTION public.g(a integer, b integer DEFAULT 2)
 RETURNS integer
 LANGUAGE sql
AS $function$select 1$function$;
