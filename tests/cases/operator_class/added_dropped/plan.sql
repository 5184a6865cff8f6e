DROP OPERATOR CLASS public.gone USING hash;
DROP OPERATOR FAMILY public.gone USING hash;
CREATE TABLE public.t (
    a integer
);
CREATE OPERATOR FAMILY public.backwards USING btree;
CREATE OPERATOR CLASS public.backwards FOR TYPE integer USING btree FAMILY public.backwards AS
    OPERATOR 1 pg_catalog.>(integer, integer),
    OPERATOR 2 pg_catalog.>=(integer, integer),
    OPERATOR 3 pg_catalog.=(integer, integer),
    OPERATOR 4 pg_catalog.<=(integer, integer),
    OPERATOR 5 pg_catalog.<(integer, integer),
    FUNCTION 1 (integer, integer) pg_catalog.btint4cmp(integer, integer);
CREATE INDEX t_a ON public.t (a public.backwards);
