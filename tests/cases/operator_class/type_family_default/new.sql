create operator family fam using btree;
create operator class oc for type bigint using btree family fam as
    operator 1 <, operator 2 <=, operator 3 =, operator 4 >=, operator 5 >, function 1 btint8cmp(bigint, bigint);
create type num as (n integer);
create function num_cmp(num, num) returns integer language sql immutable as 'select 0';
create operator class other for type point using gist as operator 11 |>> (point, point), storage box;
alter operator family fam using btree add operator 1 <= (integer, bigint);
create text search parser tsp (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end, lextypes = prsd_lextype,
    headline = prsd_headline);
create text search template tst (lexize = dsynonym_lexize, init = dsynonym_init);
create text search configuration tsc (parser = pg_catalog."default");
create conversion conv for 'UTF8' to 'LATIN1' from utf8_to_iso8859_1;
create default conversion usual for 'LATIN2' to 'UTF8' from iso8859_to_utf8;
create access method am type index handler bthandler;
