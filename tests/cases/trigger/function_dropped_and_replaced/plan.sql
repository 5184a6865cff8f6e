CREATE FUNCTION public.g()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$begin return null; end$function$;
CREATE OR REPLACE TRIGGER tr AFTER INSERT ON public.t FOR EACH ROW EXECUTE FUNCTION public.g();
DROP FUNCTION public.f();
