ALTER TABLE public.t ADD COLUMN b integer;
CREATE OR REPLACE FUNCTION public.f(public.t)
 RETURNS integer
 LANGUAGE sql
AS $function$select $1.b$function$;
