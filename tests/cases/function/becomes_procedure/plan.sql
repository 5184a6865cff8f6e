DROP FUNCTION public.f(integer);
CREATE PROCEDURE public.f(IN a integer)
 LANGUAGE sql
AS $procedure$select 1$procedure$;
