DROP TEXT SEARCH PARSER public.tsp;
DROP OPERATOR CLASS public.oc USING btree;
DROP TRIGGER other ON public.one;
DROP TRIGGER tr ON public.t;
DROP TRIGGER ct ON public.u;
CREATE OR REPLACE TRUSTED LANGUAGE pl HANDLER pg_catalog.plpgsql_call_handler INLINE pg_catalog.plpgsql_inline_handler;
CREATE LANGUAGE pl2 HANDLER pg_catalog.plpgsql_call_handler;
DROP TYPE public.span;
CREATE TYPE public.span AS RANGE (SUBTYPE = text, SUBTYPE_OPCLASS = pg_catalog.text_pattern_ops);
CREATE TRIGGER tr AFTER INSERT ON public.one FOR EACH ROW EXECUTE FUNCTION public.note();
CREATE TRIGGER other AFTER INSERT ON public.t FOR EACH ROW EXECUTE FUNCTION public.note();
CREATE CONSTRAINT TRIGGER ct AFTER INSERT ON public.u NOT DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION public.note();
CREATE FOREIGN TABLE public.away (
    a integer OPTIONS (name 'x') NOT NULL,
    b text DEFAULT 'b'::text
)
SERVER far OPTIONS (path 'p');
CREATE OPERATOR CLASS public.oc FOR TYPE money USING btree FAMILY public.oc AS
    OPERATOR 1 pg_catalog.<(money, money),
    OPERATOR 2 pg_catalog.<=(money, money),
    OPERATOR 3 pg_catalog.=(money, money),
    OPERATOR 4 pg_catalog.>=(money, money),
    OPERATOR 5 pg_catalog.>(money, money),
    FUNCTION 1 (money, money) pg_catalog.cash_cmp(money, money);
CREATE OR REPLACE TRANSFORM FOR bigint LANGUAGE sql (FROM SQL WITH FUNCTION pg_catalog.prsd_lextype(internal), TO SQL WITH FUNCTION pg_catalog.int8recv(internal));
CREATE OR REPLACE TRANSFORM FOR integer LANGUAGE sql (FROM SQL WITH FUNCTION pg_catalog.prsd_lextype(internal));
CREATE TEXT SEARCH PARSER public.tsp (START = pg_catalog.prsd_start, GETTOKEN = pg_catalog.prsd_nexttoken, END = pg_catalog.prsd_end, HEADLINE = pg_catalog.prsd_headline, LEXTYPES = pg_catalog.prsd_lextype);
