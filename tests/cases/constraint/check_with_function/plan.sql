CREATE FUNCTION public.ok(a integer)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
AS $function$select a > 0$function$;
ALTER TABLE public.t ADD CONSTRAINT t_a_check CHECK (public.ok(a));
