DROP PROCEDURE public.gone();
DROP PROCEDURE public.p(IN integer);
CREATE PROCEDURE public.p(IN a integer, INOUT b integer DEFAULT 2)
 LANGUAGE plpgsql
AS $procedure$begin b := 1; end$procedure$;
CREATE PROCEDURE public.q()
 LANGUAGE sql
 SECURITY DEFINER
 SET work_mem TO '1MB'
AS $procedure$select 1$procedure$;
