DROP TEXT SEARCH CONFIGURATION public.tsc;
DROP TEXT SEARCH TEMPLATE public.tst;
DROP TEXT SEARCH PARSER public.tsp;
DROP OPERATOR CLASS public.oc USING btree;
DROP OPERATOR CLASS public.other USING gist;
ALTER OPERATOR FAMILY public.fam USING btree DROP OPERATOR 1 (integer, bigint);
DROP OPERATOR FAMILY public.oc USING btree;
ALTER OPERATOR FAMILY public.other USING gist DROP OPERATOR 3 (box, box);
DROP CONVERSION public.conv;
DROP CONVERSION public.usual;
DROP ACCESS METHOD am;
CREATE ACCESS METHOD am TYPE INDEX HANDLER pg_catalog.bthandler;
CREATE CONVERSION public.conv FOR 'UTF8' TO 'LATIN1' FROM pg_catalog.utf8_to_iso8859_1;
CREATE DEFAULT CONVERSION public.usual FOR 'LATIN2' TO 'UTF8' FROM pg_catalog.iso8859_to_utf8;
ALTER OPERATOR FAMILY public.fam USING btree ADD OPERATOR 1 pg_catalog.<=(integer, bigint);
ALTER OPERATOR FAMILY public.other USING gist ADD OPERATOR 11 pg_catalog.|>>(point, point);
CREATE OPERATOR CLASS public.oc FOR TYPE bigint USING btree FAMILY public.fam AS
    OPERATOR 1 pg_catalog.<(bigint, bigint),
    OPERATOR 2 pg_catalog.<=(bigint, bigint),
    OPERATOR 3 pg_catalog.=(bigint, bigint),
    OPERATOR 4 pg_catalog.>=(bigint, bigint),
    OPERATOR 5 pg_catalog.>(bigint, bigint),
    FUNCTION 1 (bigint, bigint) pg_catalog.btint8cmp(bigint, bigint);
CREATE OPERATOR CLASS public.other FOR TYPE point USING gist FAMILY public.other AS
    STORAGE box;
CREATE TEXT SEARCH PARSER public.tsp (START = pg_catalog.prsd_start, GETTOKEN = pg_catalog.prsd_nexttoken, END = pg_catalog.prsd_end, HEADLINE = pg_catalog.prsd_headline, LEXTYPES = pg_catalog.prsd_lextype);
CREATE TEXT SEARCH TEMPLATE public.tst (INIT = pg_catalog.dsynonym_init, LEXIZE = pg_catalog.dsynonym_lexize);
CREATE TEXT SEARCH CONFIGURATION public.tsc (PARSER = pg_catalog."default");
