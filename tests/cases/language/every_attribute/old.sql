create language pl handler plpgsql_call_handler;
create transform for integer language sql (from sql with function prsd_lextype(internal), to sql with function int4recv(internal));
create transform for bigint language sql (to sql with function int8recv(internal));
create text search parser tsp (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end, lextypes = prsd_lextype);
create type span as range (subtype = text);
create operator class oc for type pg_lsn using btree as
    operator 1 <, operator 2 <=, operator 3 =, operator 4 >=, operator 5 >, function 1 pg_lsn_cmp(pg_lsn, pg_lsn);
create function note() returns trigger language plpgsql as 'begin return new; end';
create table t (a integer) partition by list (a);
create table one partition of t for values in (1);
create trigger tr after insert on t for each row execute function note();
create trigger other after insert on one for each row execute function note();
create foreign data wrapper fdw;
create server far foreign data wrapper fdw;
create table u (a integer);
create trigger ct after insert on u for each row execute function note();
