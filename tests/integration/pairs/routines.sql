-- case function added
-- new
create function s.f(a int) returns int language sql as 'select 1';

-- case function removed
-- old
create function s.f(a int) returns int language sql as 'select 1';

-- case function body
-- old
create function s.f(a int) returns int language sql as 'select 1';
-- new
create function s.f(a int) returns int language sql as 'select 2';

-- case function attributes
-- old
create function s.f(a int) returns int language sql as 'select 1';
-- new
create function s.f(a int) returns int language sql as 'select 1' stable strict security definer leakproof parallel safe cost 7 set search_path = s, pg_catalog set work_mem = '4MB';

-- case function attributes back
-- old
create function s.f(a int) returns int language sql as 'select 1' stable strict security definer leakproof parallel safe cost 7 set search_path = s, pg_catalog;
-- new
create function s.f(a int) returns int language sql as 'select 1';

-- case function rows
-- old
create function s.f() returns setof int language sql as 'select 1';
-- new
create function s.f() returns setof int rows 5 language sql as 'select 1';

-- case function result
-- old
create function s.f(a int) returns int language sql as 'select 1';
-- new
create function s.f(a int) returns bigint language sql as 'select 1::bigint';

-- case function overload
-- old
create function s.f(a int) returns int language sql as 'select 1';
-- new
create function s.f(a int) returns int language sql as 'select 1';
create function s.f(a text) returns int language sql as 'select 1';

-- case argument named
-- old
create function s.f(int) returns int language sql as 'select 1';
-- new
create function s.f(a int) returns int language sql as 'select 1';

-- case argument renamed
-- old
create function s.f(a int) returns int language sql as 'select 1';
-- new
create function s.f(b int) returns int language sql as 'select 1';

-- case default added
-- old
create function s.f(a int) returns int language sql as 'select 1';
-- new
create function s.f(a int default 1) returns int language sql as 'select 1';

-- case default changed
-- old
create function s.f(a int default 1) returns int language sql as 'select 1';
-- new
create function s.f(a int default 2) returns int language sql as 'select 1';

-- case default removed
-- old
create function s.f(a int default 1) returns int language sql as 'select 1';
-- new
create function s.f(a int) returns int language sql as 'select 1';

-- case default with commas
-- new
create function s.f(a text default 'x, OUT y', b int[] default array[1, 2], out c int, inout d text default ')') language plpgsql as 'begin end';

-- case out parameters
-- old
create function s.f(out a int, out b int) language sql as 'select 1, 2';
-- new
create function s.f(out a int, out c int) language sql as 'select 1, 2';

-- case out parameters same
-- old
create function s.f(x int, out a int, out b int) language sql as 'select 1, 2';
-- new
create function s.f(x int, out a int, out b int) language sql as 'select 1, 3';

-- case returns table
-- old
create function s.f() returns table (a int, b text) language sql as 'select 1, ''x''';
-- new
create function s.f() returns table (a int, c text) language sql as 'select 1, ''x''';

-- case variadic
-- old
create function s.f(variadic a int[]) returns int language sql as 'select 1';
-- new
create function s.f(variadic a int[]) returns int language sql as 'select 2';

-- case variadic gone
-- old
create function s.f(variadic a int[]) returns int language sql as 'select 1';
-- new
create function s.f(a int[]) returns int language sql as 'select 2';

-- case atomic
-- new
create function s.a() returns int language sql return 1;
create function s.b() returns int language sql begin atomic select s.a() + 1; end;

-- case atomic chain replaced
-- old
create function s.a() returns int language sql return 1;
create function s.b() returns int language sql begin atomic select s.a() + 1; end;
-- new
create function s.a() returns bigint language sql return 1;
create function s.b() returns int language sql begin atomic select s.a()::int + 1; end;

-- case atomic lets go
-- old
create function s.a() returns int language sql return 1;
create function s.b() returns int language sql begin atomic select s.a() + 1; end;
-- new
create function s.b() returns int language sql begin atomic select 2; end;

-- case atomic needs new
-- old
create function s.b() returns int language sql begin atomic select 2; end;
-- new
create function s.z() returns int language sql return 1;
create function s.b() returns int language sql begin atomic select s.z() + 1; end;

-- case string body forward
-- new
create function s.b() returns int language plpgsql as 'begin return s.z(); end';
create function s.a() returns int language sql as 'select s.b()';
create function s.z() returns int language sql as 'select 1';

-- case dollar quotes
-- new
create function s.f() returns text language sql as $x$ select '$function$'::text $x$;

-- case function with comment
-- old
create function s.f(a int) returns int language sql as 'select 1';
comment on function s.f(int) is 'x';
-- new
create function s.f(b int) returns int language sql as 'select 1';
comment on function s.f(int) is 'x';

-- case window function
-- new
create function s.w() returns bigint language internal window as 'window_row_number';

-- case support function
-- new
create function s.sup(internal) returns internal language internal as 'generate_series_int4_support';
create function s.f(int) returns int language internal as 'int4abs';
alter function s.f(int) support s.sup;

-- case procedure
-- new
create procedure s.p(a int, out b int) language plpgsql as 'begin end';

-- case procedure removed
-- old
create procedure s.p(a int, out b int) language plpgsql as 'begin end';

-- case procedure changed
-- old
create procedure s.p(a int, out b int) language plpgsql as 'begin end';
-- new
create procedure s.p(a int, out b int) language plpgsql security definer set work_mem = '1MB' as 'begin b := 1; end';

-- case procedure out type
-- old
create procedure s.p(a int, out b int) language plpgsql as 'begin end';
-- new
create procedure s.p(a int, out b text) language plpgsql as 'begin end';

-- case procedure becomes function
-- old
create procedure s.p(a int) language plpgsql as 'begin end';
-- new
create function s.p(a int) returns void language plpgsql as 'begin end';

-- case function becomes aggregate
-- old
create function s.p(a int) returns int language sql as 'select 1';
-- new
create aggregate s.p(int) (sfunc = int4pl, stype = int);

-- case polymorphic
-- old
create function s.f(anyelement) returns anyarray language sql as 'select array[$1]';
-- new
create function s.f(x anyelement) returns anyarray language sql as 'select array[$1,$1]';

-- case aggregate
-- new
create aggregate s.a(int) (sfunc = int4pl, stype = int, initcond = '0', combinefunc = int4pl, parallel = safe);

-- case aggregate removed
-- old
create aggregate s.a(*) (sfunc = int8inc, stype = int8, initcond = '0');

-- case aggregate changed
-- old
create aggregate s.a(int) (sfunc = int4pl, stype = int);
-- new
create aggregate s.a(int) (sfunc = int4mi, stype = int, initcond = '0', sspace = 100);

-- case aggregate state
-- old
create aggregate s.a(int) (sfunc = int4_sum, stype = int8);
-- new
create aggregate s.a(int) (sfunc = int4pl, stype = int);

-- case aggregate moving
-- new
create aggregate s.a(float8) (sfunc = float8_accum, stype = float8[], finalfunc = float8_avg, initcond = '{0,0,0}', msfunc = float8_accum, minvfunc = float8_accum, mstype = float8[], mfinalfunc = float8_avg, minitcond = '{0,0,0}', msspace = 99);

-- case aggregate final modify
-- new
create aggregate s.a(float8) (sfunc = float8_accum, stype = float8[], finalfunc = float8_avg, finalfunc_modify = read_write, initcond = '{0,0,0}');

-- case aggregate star
-- new
create aggregate s.cnt(*) (sfunc = int8inc, stype = int8, initcond = '0');
comment on aggregate s.cnt(*) is 'counts';

-- case aggregate ordered set
-- new
create aggregate s.p(float8 order by anyelement) (sfunc = ordered_set_transition, stype = internal, finalfunc = percentile_disc_final, finalfunc_extra);

-- case aggregate hypothetical
-- new
create aggregate s.r(variadic "any" order by variadic "any") (sfunc = ordered_set_transition_multi, stype = internal, finalfunc = rank_final, finalfunc_extra, hypothetical);
grant execute on function s.r(variadic "any") to public;

-- case aggregate sortop
-- new
create aggregate s.m(int) (sfunc = int4larger, stype = int, sortop = >);

-- case aggregate of own function
-- old
create function s.f(int, int) returns int language sql as 'select 1';
create aggregate s.a(int) (sfunc = s.f, stype = int);
-- new
create function s.f(a int, b int) returns int language sql as 'select 1';
create aggregate s.a(int) (sfunc = s.f, stype = int);

-- case aggregate's function replaced
-- old
create function s.f(x int, y int) returns int language sql as 'select 1';
create aggregate s.a(int) (sfunc = s.f, stype = int);
-- new
create function s.f(a int, b int) returns int language sql as 'select 1';
create aggregate s.a(int) (sfunc = s.f, stype = int);

-- case event trigger
-- both
create function s.f() returns event_trigger language plpgsql as 'begin end';
-- new
create event trigger s_e on ddl_command_end when tag in ('CREATE TABLE', 'DROP TABLE') execute function s.f();
alter event trigger s_e enable always;

-- case event trigger changed
-- both
create function s.f() returns event_trigger language plpgsql as 'begin end';
-- old
create event trigger s_e on ddl_command_end execute function s.f();
-- new
create event trigger s_e on ddl_command_start execute function s.f();
alter event trigger s_e disable;

-- case event trigger disabled
-- both
create function s.f() returns event_trigger language plpgsql as 'begin end';
create event trigger s_e on sql_drop execute function s.f();
-- new
alter event trigger s_e disable;

-- case event trigger removed
-- both
create function s.f() returns event_trigger language plpgsql as 'begin end';
-- old
create event trigger s_e on sql_drop execute function s.f();

-- case language
-- new
create language s_l handler plpgsql_call_handler inline plpgsql_inline_handler validator plpgsql_validator;
create function s.f() returns int language s_l as 'begin return 1; end';

-- case language changed
-- old
create language s_l handler plpgsql_call_handler inline plpgsql_inline_handler;
-- new
create trusted language s_l handler plpgsql_call_handler inline plpgsql_inline_handler validator plpgsql_validator;

-- case language removed
-- old
create language s_l handler plpgsql_call_handler;

-- case transform
-- new
create transform for int language plpgsql (from sql with function prsd_lextype(internal), to sql with function int4recv(internal));

-- case transform changed
-- old
create transform for int2 language plpgsql (from sql with function prsd_lextype(internal), to sql with function int2recv(internal));
-- new
create transform for int2 language plpgsql (to sql with function int2recv(internal));

-- case transform removed
-- old
create transform for int8 language plpgsql (from sql with function prsd_lextype(internal));

-- case operator
-- new
create operator s.=== (function = int4eq, leftarg = int, rightarg = int, commutator = operator(s.===), negator = operator(s.!==), restrict = eqsel, join = eqjoinsel, hashes, merges);
create operator s.!== (function = int4ne, leftarg = int, rightarg = int, commutator = operator(s.!==), negator = operator(s.===));

-- case operator prefix
-- new
create operator s.## (function = int4abs, rightarg = int);
comment on operator s.## (none, int) is 'abs';

-- case operators removed
-- old
create operator s.=== (function = int4eq, leftarg = int, rightarg = int, negator = operator(s.!==));
create operator s.!== (function = int4ne, leftarg = int, rightarg = int);

-- case operator changed
-- both
create operator s.=== (function = int4eq, leftarg = int, rightarg = int);
-- new
alter operator s.=== (int, int) set (restrict = eqsel, join = eqjoinsel);

-- case operator estimators gone
-- both
create operator s.=== (function = int4eq, leftarg = int, rightarg = int);
-- old
alter operator s.=== (int, int) set (restrict = eqsel, join = eqjoinsel);

-- case operator function
-- old
create operator s.=== (function = int4eq, leftarg = int, rightarg = int);
-- new
create operator s.=== (function = int4ne, leftarg = int, rightarg = int);

-- case operator gets partner
-- old
create operator s.< (function = int4lt, leftarg = int, rightarg = int);
-- new
create operator s.< (function = int4lt, leftarg = int, rightarg = int, commutator = operator(s.>), negator = operator(s.>=));
create operator s.> (function = int4gt, leftarg = int, rightarg = int, commutator = operator(s.<));
create operator s.>= (function = int4ge, leftarg = int, rightarg = int);

-- case operator loses partner
-- old
create operator s.< (function = int4lt, leftarg = int, rightarg = int, commutator = operator(s.>));
create operator s.> (function = int4gt, leftarg = int, rightarg = int, commutator = operator(s.<));
-- new
create operator s.< (function = int4lt, leftarg = int, rightarg = int);

-- case operator partner changed
-- old
create operator s.< (function = int4lt, leftarg = int, rightarg = int, negator = operator(s.>));
create operator s.> (function = int4gt, leftarg = int, rightarg = int, negator = operator(s.<));
-- new
create operator s.< (function = int4lt, leftarg = int, rightarg = int, negator = operator(s.>=));
create operator s.>= (function = int4ge, leftarg = int, rightarg = int, negator = operator(s.<));
create operator s.> (function = int4gt, leftarg = int, rightarg = int);

-- case operators linked
-- both
create operator s.< (function = int4lt, leftarg = int, rightarg = int);
create operator s.> (function = int4gt, leftarg = int, rightarg = int);
-- new
alter operator s.< (int, int) set (commutator = operator(s.>));

-- case operator hashes
-- old
create operator s.=== (function = int4eq, leftarg = int, rightarg = int);
-- new
create operator s.=== (function = int4eq, leftarg = int, rightarg = int, hashes, merges);

-- case operator hashes gone
-- old
create operator s.=== (function = int4eq, leftarg = int, rightarg = int, hashes);
-- new
create operator s.=== (function = int4eq, leftarg = int, rightarg = int);

-- case operator of schema with capitals
-- both
create schema "S_x";
-- new
create operator "S_x".< (function = int4lt, leftarg = int, rightarg = int, commutator = operator("S_x".>));
create operator "S_x".> (function = int4gt, leftarg = int, rightarg = int);

-- case operator class
-- new
create operator class s.c for type int using btree as operator 1 <, operator 2 <=, operator 3 =, operator 4 >=, operator 5 >, function 1 btint4cmp(int, int);

-- case operator class in family
-- new
create operator family s.f using btree;
create operator class s.c for type int using btree family s.f as operator 1 <, operator 2 <=, operator 3 =, operator 4 >=, operator 5 >, function 1 btint4cmp(int, int);
alter operator family s.f using btree add operator 1 < (int, int8), function 1 (int, int8) btint48cmp(int, int8);

-- case operator class default
-- both
create type s.e as enum ('a');
-- new
create operator class s.c default for type s.e using gin as operator 1 &&(anyarray, anyarray), function 2 ginarrayextract(anyarray, internal), storage int;

-- case operator class changed
-- old
create operator class s.c for type int using btree as operator 1 <, function 1 btint4cmp(int, int);
-- new
create operator class s.c for type int using btree as operator 1 <, operator 3 =, function 1 btint4cmp(int, int);

-- case operator class removed
-- old
create operator class s.c for type int using btree as operator 1 <, function 1 btint4cmp(int, int);

-- case operator class minimal
-- new
create operator class s.c for type int using hash as storage int;

-- case operator family removed
-- old
create operator family s.f using hash;
alter operator family s.f using hash add operator 1 = (int, int);

-- case family members
-- both
create operator family s.f using btree;
-- old
alter operator family s.f using btree add operator 1 < (int, int8), function 1 (int, int8) btint48cmp(int, int8);
-- new
alter operator family s.f using btree add operator 1 <= (int, int8), operator 2 <= (int8, int);

-- case family order by
-- both
create operator family s.f using gist;
-- new
alter operator family s.f using gist add operator 15 <-> (point, point) for order by float_ops;

-- case cast
-- both
create type s.e as enum ('a');
create function s.i(s.e) returns int language sql as 'select 1';
-- new
create cast (s.e as int) with function s.i(s.e) as implicit;
create cast (s.e as text) with inout as assignment;
create cast (int as s.e) with inout;
comment on cast (s.e as int) is 'x';

-- case cast changed
-- both
create type s.e as enum ('a');
-- old
create cast (s.e as text) with inout as assignment;
-- new
create cast (s.e as text) with inout as implicit;

-- case cast binary
-- new
create type s.r as range (subtype = int4);
create cast (s.r as text) with inout;

-- case cast removed
-- both
create type s.e as enum ('a');
-- old
create cast (s.e as text) with inout as assignment;

-- case access method
-- new
create access method s_h type table handler heap_tableam_handler;
create access method s_b type index handler bthandler;

-- case access method removed
-- old
create access method s_h type table handler heap_tableam_handler;

-- case conversion
-- new
create default conversion s.c for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8;

-- case conversion changed
-- old
create default conversion s.c for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8;
-- new
create conversion s.c for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8;

-- case conversion removed
-- old
create conversion s.c for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8;

-- case ts parser
-- new
create text search parser s.p (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end, headline = prsd_headline, lextypes = prsd_lextype);

-- case ts parser changed
-- old
create text search parser s.p (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end, lextypes = prsd_lextype);
create text search configuration s.c (parser = s.p);
alter text search configuration s.c add mapping for word, asciiword with simple;
-- new
create text search parser s.p (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end, headline = prsd_headline, lextypes = prsd_lextype);
create text search configuration s.c (parser = s.p);
alter text search configuration s.c add mapping for word, asciiword with simple;

-- case ts template
-- new
create text search template s.t (init = dsimple_init, lexize = dsimple_lexize);

-- case ts template changed
-- old
create text search template s.t (init = dsimple_init, lexize = dsimple_lexize);
-- new
create text search template s.t (lexize = dsimple_lexize);

-- case ts dictionary
-- new
create text search dictionary s.d (template = simple, stopwords = 'english', accept = false);

-- case ts dictionary changed
-- old
create text search dictionary s.d (template = simple, stopwords = 'english');
-- new
create text search dictionary s.d (template = simple, accept = false);

-- case ts dictionary template
-- old
create text search dictionary s.d (template = simple);
create text search configuration s.c (copy = pg_catalog.simple);
alter text search configuration s.c alter mapping for word with s.d, simple;
-- new
create text search dictionary s.d (template = snowball, language = 'english');
create text search configuration s.c (copy = pg_catalog.simple);
alter text search configuration s.c alter mapping for word with s.d, simple;

-- case ts configuration
-- new
create text search configuration s.c (copy = pg_catalog.english);
comment on text search configuration s.c is 'x';

-- case ts configuration changed
-- both
create text search dictionary s.d (template = simple);
create text search configuration s.c (copy = pg_catalog.english);
-- new
alter text search configuration s.c drop mapping for url;
alter text search configuration s.c alter mapping for word, asciiword with s.d, simple;

-- case ts configuration mapping added
-- both
create text search configuration s.c (copy = pg_catalog.english);
-- old
alter text search configuration s.c drop mapping for url;

-- case ts configuration loses dictionary
-- both
create text search configuration s.c (copy = pg_catalog.english);
-- old
create text search dictionary s.d (template = simple);
alter text search configuration s.c alter mapping for word with s.d, simple;

-- case ts configuration removed
-- old
create text search configuration s.c (copy = pg_catalog.english);

-- case wrapper
-- new
create foreign data wrapper s_w options (host 'x');
create server s_srv type 't' version '1' foreign data wrapper s_w options (dbname 'd', port '1');
alter foreign data wrapper s_w options (drop host);
alter foreign data wrapper s_w validator postgresql_fdw_validator;
create user mapping for public server s_srv;
create user mapping for current_user server s_srv options (user 'it''s');

-- case wrapper removed
-- old
create foreign data wrapper s_w;
create server s_srv foreign data wrapper s_w;
create user mapping for public server s_srv;

-- case wrapper changed
-- both
create foreign data wrapper s_w options (a '1', b '2');
-- new
alter foreign data wrapper s_w options (drop a, set b '3', add host 'x');

-- case wrapper validator gone
-- both
create foreign data wrapper s_w;
-- old
alter foreign data wrapper s_w validator postgresql_fdw_validator;

-- case server changed
-- both
create foreign data wrapper s_w;
create server s_srv foreign data wrapper s_w options (a '1', b '2');
-- new
alter server s_srv version '2' options (set a '3', drop b, add "C c" '4');

-- case server version gone
-- both
create foreign data wrapper s_w;
create server s_srv foreign data wrapper s_w;
-- old
alter server s_srv version '2';

-- case server type
-- both
create foreign data wrapper s_w;
-- old
create server s_srv type 'x' foreign data wrapper s_w;
create user mapping for public server s_srv;
-- new
create server s_srv type 'y' foreign data wrapper s_w;
create user mapping for public server s_srv;

-- case mapping changed
-- both
create foreign data wrapper s_w;
create server s_srv foreign data wrapper s_w;
-- old
create user mapping for public server s_srv options (a '1');
-- new
create user mapping for public server s_srv options (b '1');

-- case publication all
-- new
create publication s_p for all tables with (publish = 'insert, delete', publish_via_partition_root);

-- case publication changed
-- both
create publication s_p;
-- new
alter publication s_p set (publish = 'insert', publish_via_partition_root = true);

-- case publication changed back
-- both
create publication s_p;
-- old
alter publication s_p set (publish = 'insert', publish_via_partition_root = true);

-- case publication generated
-- both
create publication s_p;
-- new
alter publication s_p set (publish_generated_columns = stored);

-- case publication all or not
-- old
create publication s_p;
-- new
create publication s_p for all tables;

-- case publication schema
-- both
create schema s_t;
-- old
create publication s_p for tables in schema s;
-- new
create publication s_p for tables in schema s_t;

-- case publication removed
-- old
create publication s_p for tables in schema s;

-- case subscription
-- new
create subscription s_sub connection 'host=x dbname=y' publication a, b with (connect = false, slot_name = 's_z', binary = true, origin = none, streaming = parallel);

-- case subscription changed
-- both
create subscription s_sub connection 'host=x' publication a with (connect = false, binary = true);
-- new
alter subscription s_sub connection 'host=y';
alter subscription s_sub set publication b with (refresh = false);
alter subscription s_sub set (slot_name = 'q', binary = false, disable_on_error = true);

-- case subscription removed
-- both
create subscription s_sub connection 'host=x' publication a with (connect = false);
alter subscription s_sub set (slot_name = none);
-- new
drop subscription s_sub;

