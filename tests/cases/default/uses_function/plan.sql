CREATE FUNCTION public.f()
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE
AS $function$select 1$function$;
ALTER TABLE public.t ALTER COLUMN a SET DEFAULT public.f();
