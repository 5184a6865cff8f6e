CREATE OR REPLACE PROCEDURE public.p(IN a integer)
 LANGUAGE sql
 SECURITY DEFINER
 SET work_mem TO '2MB'
AS $procedure$select 2$procedure$;
