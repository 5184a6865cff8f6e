DROP PROCEDURE public.q(IN integer);
ALTER PROCEDURE public.p(IN integer, IN integer) OWNER TO cases_owner;
GRANT EXECUTE ON PROCEDURE public.p(IN integer, IN integer) TO cases_reader;
GRANT EXECUTE ON PROCEDURE public.p(IN integer, IN integer, IN integer) TO cases_reader;
COMMENT ON PROCEDURE public.p(IN integer, IN integer, IN integer) IS 'All go in.';
CREATE PROCEDURE public.q(IN a integer, IN b integer)
 LANGUAGE plpgsql
AS $procedure$begin end$procedure$;
CREATE PROCEDURE public.q(VARIADIC a integer[])
 LANGUAGE plpgsql
AS $procedure$begin end$procedure$;
COMMENT ON PROCEDURE public.q(IN integer[]) IS 'Many.';
