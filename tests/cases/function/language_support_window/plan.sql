DROP PROCEDURE public.act(IN integer);
DROP FUNCTION public.number();
CREATE OR REPLACE FUNCTION public.kind()
 RETURNS integer
 LANGUAGE sql
RETURN 2;
CREATE FUNCTION public.number()
 RETURNS bigint
 LANGUAGE internal
 WINDOW
AS $function$window_row_number$function$;
CREATE OR REPLACE FUNCTION public.several()
 RETURNS SETOF integer
 LANGUAGE sql
 SUPPORT generate_series_int4_support
AS $function$select 1$function$;
CREATE PROCEDURE public.act(IN b integer DEFAULT 1)
 LANGUAGE plpgsql
AS $procedure$begin end$procedure$;
CREATE PROCEDURE public.more()
 LANGUAGE sql
BEGIN ATOMIC
 SELECT 1;
END;
