ALTER TABLE public.t ALTER COLUMN a DROP DEFAULT;
DROP FUNCTION public.f(integer);
CREATE FUNCTION public.f(b integer)
 RETURNS integer
 LANGUAGE sql
AS $function$select 2$function$;
ALTER TABLE public.t ALTER COLUMN a SET DEFAULT public.f(1);
