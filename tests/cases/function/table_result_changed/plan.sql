DROP FUNCTION public.f();
CREATE FUNCTION public.f()
 RETURNS TABLE(a integer, b text)
 LANGUAGE sql
AS $function$select 1, 'x'$function$;
