CREATE FUNCTION public.b()
 RETURNS integer
 LANGUAGE sql
AS $function$select 1$function$;
CREATE FUNCTION public.a_uses_b()
 RETURNS integer
 LANGUAGE sql
BEGIN ATOMIC
 SELECT public.b() AS b;
END;
