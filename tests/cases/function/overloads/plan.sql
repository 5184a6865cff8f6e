DROP FUNCTION public.f(text);
CREATE FUNCTION public.f(a integer, VARIADIC b text[])
 RETURNS integer
 LANGUAGE sql
AS $function$select 3$function$;
