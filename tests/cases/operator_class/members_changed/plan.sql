DROP INDEX public.t_a;
DROP OPERATOR CLASS public.oc USING btree;
CREATE OPERATOR CLASS public.oc FOR TYPE integer USING btree FAMILY public.oc AS
    OPERATOR 1 pg_catalog.<(integer, integer),
    OPERATOR 2 pg_catalog.<=(integer, integer),
    OPERATOR 3 pg_catalog.=(integer, integer),
    OPERATOR 4 pg_catalog.>=(integer, integer),
    OPERATOR 5 pg_catalog.>(integer, integer),
    FUNCTION 1 (integer, integer) pg_catalog.btint4cmp(integer, integer);
CREATE INDEX t_a ON public.t (a public.oc);
