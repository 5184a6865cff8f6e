create operator family fam using btree;
create operator class oc for type integer using btree as
    operator 1 <, operator 2 <=, operator 3 =, operator 4 >=, operator 5 >, function 1 btint4cmp(integer, integer);
create type num as (n integer);
create function num_cmp(num, num) returns integer language sql immutable as 'select 0';
create operator class other for type box using gist as operator 3 &&;
alter operator family fam using btree add operator 1 < (integer, bigint);
create text search parser tsp (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end, lextypes = prsd_lextype);
create text search template tst (lexize = dsimple_lexize, init = dsimple_init);
create text search configuration tsc (parser = tsp);
create conversion conv for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8;
create conversion usual for 'LATIN2' to 'UTF8' from iso8859_to_utf8;
create access method am type table handler heap_tableam_handler;
