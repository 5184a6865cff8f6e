CREATE OR REPLACE FUNCTION public.kind()
 RETURNS integer
 LANGUAGE sql
AS $function$select 1$function$;
CREATE OR REPLACE PROCEDURE public.act(IN a integer)
 LANGUAGE sql
BEGIN ATOMIC
 SELECT a AS a;
END;
