create trusted language pl handler plpgsql_call_handler inline plpgsql_inline_handler;
create transform for integer language sql (from sql with function prsd_lextype(internal));
create transform for bigint language sql (from sql with function prsd_lextype(internal), to sql with function int8recv(internal));
create text search parser tsp (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end, lextypes = prsd_lextype,
    headline = prsd_headline);
create type span as range (subtype = text, subtype_opclass = text_pattern_ops);
create operator class oc for type money using btree as
    operator 1 <, operator 2 <=, operator 3 =, operator 4 >=, operator 5 >, function 1 cash_cmp(money, money);
create function note() returns trigger language plpgsql as 'begin return new; end';
create table t (a integer) partition by list (a);
create table one partition of t for values in (1);
create trigger other after insert on t for each row execute function note();
create trigger tr after insert on one for each row execute function note();
create foreign data wrapper fdw;
create server far foreign data wrapper fdw;
create foreign table away (a integer options (name 'x') not null, b text default 'b') server far options (path 'p');
create language pl2 handler plpgsql_call_handler;
create table u (a integer);
create constraint trigger ct after insert on u for each row execute function note();
