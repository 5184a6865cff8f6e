-- Objects that the property test may have or not, each in one of several ways. See pool.py.
-- thing NAME [needs OTHER …] starts one; -- or starts another way of it.

-- thing app
create schema app;
-- or
create schema app authorization cases_owner;
comment on schema app is 'of the app';
grant usage on schema app to cases_reader with grant option;

-- thing enum
create type hue as enum ('red', 'green');
-- or
create type hue as enum ('red', 'amber', 'green', 'blue');
comment on type hue is 'a hue';
-- or
create type hue as enum ('green', 'red');
grant usage on type hue to cases_reader;

-- thing collation
create collation coll (provider = libc, locale = 'C');
-- or
create collation coll (provider = libc, locale = 'POSIX');
-- or
create collation coll (provider = builtin, locale = 'C.UTF-8');

-- thing composite needs collation enum
create type pair as (a integer, b text, c hue);
-- or
create type pair as (a bigint, b text collate coll, c hue);
comment on column pair.a is 'first';
-- or
create type pair as (a integer, b varchar(10), d date);
alter type pair owner to cases_owner;

-- thing domain needs collation
create domain dom as text;
-- or
create domain dom as text collate "C" default 'x' constraint filled not null constraint short check (length(value) < 10);
comment on constraint short on domain dom is 'short';
-- or
create domain dom as text default 'y' constraint present not null;
alter domain dom add constraint short check (length(value) < 20) not valid;
-- or
create domain dom as varchar(20) collate coll constraint short check (length(value) < 10);

-- thing range needs collation
create type span as range (subtype = integer);
-- or
create type span as range (subtype = bigint, subtype_opclass = int8_ops);
-- or
create type span as range (subtype = float8, subtype_diff = float8mi, multirange_type_name = spans);
-- or
create type span as range (subtype = text, collation = coll);

-- thing base_type
create type num;
create function num_in(cstring) returns num language internal immutable strict as 'int4in';
create function num_out(num) returns cstring language internal immutable strict as 'int4out';
create type num (input = num_in, output = num_out, internallength = 4, passedbyvalue, alignment = int4);
-- or
create type num;
create function num_in(cstring) returns num language internal immutable strict as 'int4in';
create function num_out(num) returns cstring language internal immutable strict as 'int4out';
create type num (input = num_in, output = num_out, internallength = 4, passedbyvalue, alignment = int4,
    category = 'N', default = '7', delimiter = ';');
-- or
create type num;
create function num_in(cstring) returns num language internal immutable strict as 'textin';
create function num_out(num) returns cstring language internal immutable strict as 'textout';
create type num (input = num_in, output = num_out, storage = extended, collatable = true, preferred = true);

-- thing shell
create type coming;

-- thing sequence
create sequence seq;
-- or
create sequence seq as integer start 5 increment 5 minvalue 0 maxvalue 5000 cache 3 cycle;
grant usage on sequence seq to cases_reader;
-- or
create unlogged sequence seq increment -1;
comment on sequence seq is 'downwards';

-- thing function
create function twice(x integer) returns integer language sql immutable as 'select 2 * x';
-- or
create function twice(x integer) returns integer language sql stable strict security definer parallel safe cost 7
    set search_path = public as 'select 2 * x';
revoke all on function twice(integer) from public;
-- or
create function twice(y integer default 1) returns integer language plpgsql immutable leakproof as 'begin return 2 * y; end';
alter function twice(integer) owner to cases_owner;
-- or
create function twice(x integer) returns bigint language sql immutable return 2 * x;

-- thing set_function
create function several() returns setof integer language sql as 'select 1' rows 10;
-- or
create function several() returns setof integer language sql support generate_series_int4_support rows 20 as 'select 2';
-- or
create function several(out a integer, out b text) returns setof record language sql as $$ select 1, 'x' $$;
-- or
create function several() returns integer language internal window as 'window_row_number';

-- thing procedure needs enum
create procedure act(a integer, h hue) language sql as 'select 1';
-- or
create procedure act(a integer, h hue default 'red') language plpgsql security definer set work_mem = '1MB' as 'begin end';
-- or
create procedure act(b integer, h hue) language sql begin atomic select b; end;

-- thing trigger_function
create function note() returns trigger language plpgsql as 'begin return new; end';
-- or
create function note() returns trigger language plpgsql as 'begin raise notice $$x$$; return new; end';
alter function note() depends on extension plpgsql;

-- thing aggregate
create aggregate total(integer) (sfunc = int4pl, stype = integer);
-- or
create aggregate total(integer) (sfunc = int4pl, stype = integer, sspace = 8, initcond = '0', combinefunc = int4pl,
    parallel = safe, sortop = <);
-- or
create aggregate total(integer) (sfunc = int4_avg_accum, stype = bigint[], initcond = '{0,0}', finalfunc = int8_avg,
    finalfunc_modify = shareable, msfunc = int4_avg_accum, minvfunc = int4_avg_accum_inv, mstype = bigint[],
    minitcond = '{0,0}', mfinalfunc = int8_avg, mfinalfunc_extra = false, msspace = 16);
-- or
create aggregate total(bigint) (sfunc = int8_avg_accum, stype = internal, finalfunc = numeric_poly_avg,
    combinefunc = int8_avg_combine, serialfunc = int8_avg_serialize, deserialfunc = int8_avg_deserialize);
create aggregate total(integer) (sfunc = int4larger, stype = integer);
comment on aggregate total(integer) is 'a total';

-- thing operator
create function eq(integer, text) returns boolean language sql immutable as 'select $1::text = $2';
create operator === (leftarg = integer, rightarg = text, function = eq);
-- or
create function eq(integer, text) returns boolean language sql immutable as 'select $1::text = $2';
create operator === (leftarg = integer, rightarg = text, function = eq, restrict = eqsel, join = eqjoinsel);
comment on operator ===(integer, text) is 'alike';
-- or
create function eq(integer, text) returns boolean language sql immutable as 'select $1::text = $2';
create function ne(integer, text) returns boolean language sql immutable as 'select $1::text <> $2';
create operator === (leftarg = integer, rightarg = text, function = eq, negator = !==, hashes, merges);
create operator !== (leftarg = integer, rightarg = text, function = ne, negator = ===);

-- thing operator_class
create operator class oc for type integer using btree as
    operator 1 >, operator 2 >=, operator 3 =, operator 4 <=, operator 5 <, function 1 btint4cmp(integer, integer);
-- or
create operator family fam using btree;
create operator class oc for type integer using btree family fam as
    operator 1 <, operator 2 <=, operator 3 =, operator 4 >=, operator 5 >, function 1 btint4cmp(integer, integer);
alter operator family fam using btree add operator 5 > (integer, bigint), function 1 (integer, bigint) btint48cmp(integer, bigint);
-- or
create operator family fam using btree;
alter operator family fam using btree add operator 5 > (integer, bigint);
create operator class oc for type integer using btree as
    operator 1 >, operator 2 >=, operator 3 =, operator 4 <=, operator 5 <, function 1 btint4cmp(integer, integer);
alter operator class oc using btree owner to cases_owner;

-- thing cast needs composite
create function to_int(pair) returns integer language sql immutable as 'select 1';
create cast (pair as integer) with function to_int(pair);
-- or
create function to_int(pair) returns integer language sql immutable as 'select 1';
create cast (pair as integer) with function to_int(pair) as assignment;
comment on cast (pair as integer) is 'a cast';
-- or
create cast (pair as integer) with inout as implicit;

-- thing conversion
create conversion conv for 'UTF8' to 'LATIN1' from utf8_to_iso8859_1;
-- or
create conversion conv for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8;
-- or
create default conversion conv for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8;

-- thing access_method
create access method heap2 type table handler heap_tableam_handler;
-- or
create access method heap2 type index handler bthandler;

-- thing language
create language pl handler plpgsql_call_handler;
-- or
create trusted language pl handler plpgsql_call_handler inline plpgsql_inline_handler validator plpgsql_validator;
grant usage on language pl to cases_reader;

-- thing transform
create transform for integer language sql (from sql with function prsd_lextype(internal), to sql with function int4recv(internal));
-- or
create transform for integer language sql (from sql with function prsd_lextype(internal));

-- thing text_search
create text search parser tsp (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end, lextypes = prsd_lextype);
create text search template tst (lexize = dsimple_lexize, init = dsimple_init);
create text search dictionary tsd (template = tst, accept = false);
create text search configuration tsc (parser = tsp);
alter text search configuration tsc add mapping for word with tsd;
-- or
create text search parser tsp (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end, lextypes = prsd_lextype,
    headline = prsd_headline);
create text search template tst (lexize = dsynonym_lexize, init = dsimple_init);
create text search dictionary tsd (template = pg_catalog.simple, accept = true);
create text search configuration tsc (parser = pg_catalog."default");
alter text search configuration tsc add mapping for word, asciiword with tsd, pg_catalog.simple;
comment on text search configuration tsc is 'words';
-- or
create text search dictionary tsd (template = pg_catalog.simple);
alter text search dictionary tsd owner to cases_owner;

-- thing wrapper
create foreign data wrapper fdw;
create server far foreign data wrapper fdw;
-- or
create foreign data wrapper fdw options (debug 'true');
create server far type 'x' version '1' foreign data wrapper fdw options (host 'a');
create user mapping for public server far options (secret 'x');
create user mapping for cases_reader server far;
grant usage on foreign server far to cases_reader;
-- or
create foreign data wrapper fdw validator postgresql_fdw_validator;
create foreign data wrapper fdw2;
create server far type 'y' version '2' foreign data wrapper fdw2 options (host 'b', port '1');
create user mapping for public server far options (secret 'y', more 'z');

-- thing foreign_table needs wrapper
create foreign table away (a integer, b text) server far;
-- or
create foreign table away (a bigint options (name 'x') not null, b text default 'b', c date, check (a > 0)) server far options (path 'p');
comment on foreign table away is 'away';
-- or
create foreign table away (a integer options (name 'y', other 'z'), c date) server far options (path 'q', more 'r');
create trigger tr before insert on away for each row execute function suppress_redundant_updates_trigger();

-- thing people needs enum domain sequence function
create table people (id integer generated always as identity primary key, name text, hue hue, age integer);
-- or
create table people (id bigint generated by default as identity (start 10 increment 2 cache 4) constraint people_key primary key,
    name varchar(40) not null, hue hue default 'green', tags hue[] default '{}', age integer check (age > 0),
    double integer generated always as (age * 2) stored) with (fillfactor = 70);
alter table people alter name set storage external, alter name set statistics 100, alter age set (n_distinct = 5);
create index people_name on people (name) where age > 1;
-- or
create unlogged table people (id serial, name text collate "C" default upper('x'), mail dom, age bigint default nextval('seq'),
    double bigint generated always as (age * 3) virtual, unique nulls not distinct (name) deferrable);
alter table people alter name set compression pglz;
alter table people replica identity full;
create unique index people_name on people (lower(name), id) include (age) with (fillfactor = 50);
create index people_size on people ((age + 1));
alter index people_size alter column 1 set statistics 50;
-- or
create table people (id integer not null, name text not null, hue text, age integer default twice(4), double integer,
    exclude using btree (id with =)) with (autovacuum_enabled = false, toast.autovacuum_enabled = false);
alter table people add constraint known check (name <> '') not valid;
create unique index people_id on people (id);
alter table people replica identity using index people_id;
alter table people cluster on people_id;
alter table people owner to cases_owner;

-- thing orders needs people
create table orders (id integer primary key, person integer, at date not null) ;
-- or
create table orders (id integer, person bigint, at timestamptz constraint at_there not null, primary key (id, at),
    constraint amount_known check (id > 0)) partition by range (at);
create table orders_old partition of orders for values from ('2020-01-01') to ('2021-01-01');
create table orders_rest partition of orders default;
create index orders_person on orders (person);
-- or
create table orders (id integer, person integer, at date, extra text) partition by range (at);
create table orders_old partition of orders for values from ('2020-01-01') to ('2020-07-01') partition by list (id);
create table orders_old_1 partition of orders_old for values in (1, 2) with (fillfactor = 60);
create table orders_rest (extra text, id integer, person integer, at date);
-- or
create table orders (id integer, person integer, at date not null) partition by hash (id);
create table orders_old partition of orders for values with (modulus 2, remainder 0);
create table orders_rest partition of orders for values with (modulus 2, remainder 1);
alter table orders add constraint orders_ids unique (id);
alter table orders_rest alter person set default 5;

-- thing reference needs people orders
alter table people add constraint people_ref unique (id);
create table refers (person integer constraint to_people references people (id));
-- or
alter table people add constraint people_ref unique (id);
create table refers (person integer constraint to_people references people (id) on delete cascade deferrable initially deferred);
-- or
alter table people add constraint people_ref unique (id);
create table refers (person integer constraint to_people references people (id) match full on update set null);
alter table refers alter constraint to_people not enforced;
-- or
alter table people add constraint people_ref unique (id);
create table refers (person bigint, other integer);
alter table refers add constraint to_people foreign key (person) references people (id) not valid;

-- thing parents
create table base_a (a integer not null, b text default 'b');
create table base_b (b text, c integer);
create table heir (d date) inherits (base_a);
-- or
create table base_a (a integer not null, b text, constraint positive check (a > 0));
create table base_b (b text, c integer, constraint marked check (c > 1) no inherit);
create table heir (d date) inherits (base_a, base_b);
alter table heir alter b set default 'heir';
-- or
create table base_a (a bigint constraint a_there not null, b text);
create table base_b (b text, c integer);
create table heir (a integer, d date, b text) inherits (base_b);
-- or
create table base_a (a integer, b text);
create table base_b (b text, c integer, a integer);
create table heir (d date) inherits (base_b, base_a);
create table heir_of_heir (e integer) inherits (heir);
-- or
create table base_a (a integer);
create table heir (a integer not null, b text, d date);
alter table base_a add constraint a_there not null a no inherit;

-- thing levels
create table lev (a integer not null, b integer not null, c text, constraint lev_key primary key (a, b)) partition by range (a);
create table lev_1 partition of lev for values from (0) to (10) partition by list (b);
create table lev_1_1 partition of lev_1 for values in (1);
create table lev_2 partition of lev for values from (10) to (20);
create table lev_to (a integer, b integer, constraint lev_there foreign key (a, b) references lev);
-- or
create table lev (a integer not null, b integer not null, c text, constraint lev_key unique (a, b)) partition by range (a);
create table lev_1 partition of lev for values from (0) to (10) partition by list (b);
create table lev_1_1 partition of lev_1 for values in (1, 2);
create table lev_1_2 partition of lev_1 default;
create table lev_to (a integer, b integer, constraint lev_key_to unique (a, b));
alter table lev add constraint lev_there foreign key (a, b) references lev_to (a, b) on delete cascade;
create index lev_c on lev (c, a);
-- or
create table lev (a bigint, b integer not null, c varchar(20)) partition by range (a);
create table lev_1 (c varchar(20), a bigint, b integer not null, constraint lev_1_key primary key (a, b)) partition by list (b);
create table lev_1_1 partition of lev_1 for values in (1);
alter table lev attach partition lev_1 for values from (0) to (10);
create table lev_2 (a bigint, b integer not null, c varchar(20));
create table lev_to (a bigint, b integer, constraint lev_there foreign key (a, b) references
    lev_1 (a, b) deferrable initially deferred);
alter table lev_1_1 alter c set default 'x', alter c set storage main;
-- or
create table lev (a integer not null, b integer not null, c text) partition by list (b);
create table lev_1 partition of lev for values in (1) partition by range (a);
create table lev_1_1 partition of lev_1 for values from (0) to (10);
create table lev_2 partition of lev default;
create unique index lev_key on lev (a, b);
create table lev_to (a integer, b integer);
alter table lev_to add constraint lev_there foreign key (a, b) references lev (a, b) not valid;

-- thing generated
create table gen (id integer, a integer, g integer generated always as (a + 1) stored,
    v text generated always as ('x' || id) virtual);
create index gen_g on gen (g);
create view gen_v as select g, v from gen;
-- or
create table gen (id integer, a bigint, g bigint generated always as (a + 1) stored not null,
    v varchar(20) generated always as ('x' || id) virtual,
    constraint gen_v check (v <> 'x1'));
create index gen_g on gen (g) where g > 5;
create view gen_v as select g, v from gen where g > 1;
-- or
create table gen (id bigint, a integer, g integer generated always as (id::integer + a) virtual,
    v text generated always as ('y' || a) stored);
create index gen_g on gen (v);
create materialized view gen_v as select g, v from gen;
-- or
create table gen (id bigint, a numeric(10, 2), g numeric(12, 2), v text default 'v');
create statistics gen_s on g, v from gen;
create view gen_v as select g::integer, v from gen;
-- or
create table gen (id integer, a integer, g integer generated always as identity, v text generated always as ('x' || a) stored);
create publication gen_p for table gen (id, g);

-- thing nested
create domain inner_d as integer constraint pos check (value > 0);
create domain outer_d as inner_d default 5 constraint small check (value < 100);
create type nest as (d outer_d, n integer);
create table nests (id integer, d outer_d, n nest, m inner_d[] default '{1}');
-- or
create domain inner_d as bigint constraint pos check (value > 0) not null;
create domain outer_d as inner_d constraint small check (value < 200);
create type nest as (d outer_d, n bigint, x text);
create table nests (id integer, d outer_d default 3, n nest[], m inner_d[]);
-- or
create domain outer_d as integer constraint small check (value < 100);
create domain inner_d as outer_d default 7 constraint pos check (value > 1);
create type nest as (n integer, d outer_d);
create table nests (id integer, d outer_d, n nest, m inner_d not null);
create index nests_d on nests (d);
-- or
create domain inner_d as integer[] constraint pos check (value[1] > 0);
create domain outer_d as text collate "C" constraint small check (length(value) < 5);
create type nest as (d inner_d, n outer_d);
create table nests (id integer, d outer_d, n nest, m inner_d);
create function of_nest(nest, outer_d) returns inner_d language sql as 'select null::inner_d';

-- thing identities
create table ids (a integer generated always as identity, b integer);
-- or
create table ids (a bigint generated by default as identity (sequence name ids_own increment 3 minvalue -5 maxvalue 500 start 7
    cache 2 cycle), b integer);
comment on sequence ids_own is 'own';
-- or
create table ids (a smallint generated always as identity (sequence name ids_b_seq),
    b integer generated always as identity (sequence name other), c serial);
grant select on other to cases_reader;
-- or
create table ids (a bigserial, b smallint generated by default as identity);
alter sequence ids_a_seq owned by none;
-- or
create unlogged table ids (a integer generated always as identity (sequence name ids_a_seq1), b serial);
create sequence ids_a_seq;
-- or
create table ids (a integer generated always as identity (increment -1), b integer default 5) partition by range (b);
create table ids_1 partition of ids for values from (0) to (5);

-- thing exclusion
create table exc (id integer, r int4range, d daterange, constraint exc_r exclude using gist (r with &&));
-- or
create table exc (id integer, r int4range, d daterange, constraint exc_r exclude using gist (r with &&, d with -|-)
    where (id > 0) deferrable initially deferred);
comment on constraint exc_r on exc is 'apart';
-- or
create table exc (id bigint, r int8range, d daterange,
    constraint exc_r exclude using gist (r with =) include (id) with (fillfactor = 60));
comment on index exc_r is 'index apart';
-- or
create table exc (id integer, r int4range, d daterange, constraint exc_r exclude using btree (id with =),
    constraint exc_d exclude (d with =));
alter table exc cluster on exc_d;
-- or
create table exc (id integer, r int4range, d daterange, exclude using gist (r with =)) partition by list (r);
create table exc_1 partition of exc for values in ('[1,2)');

-- thing keys
create table ks (a integer, b integer, c text, constraint k unique (a, b));
create table kr (a integer, b integer, constraint kr_to foreign key (a, b) references ks (a, b));
-- or
create table ks (a integer, b integer, c text, constraint k unique nulls not distinct (a, b) include (c));
create table kr (a integer, b integer, constraint kr_to foreign key (a, b) references ks (a, b) on delete set null (b));
-- or
create table ks (a integer, b integer, c text, constraint k primary key (a, b));
create table kr (a integer, b integer, constraint kr_to foreign key (b, a) references ks (a, b)
    on delete set default (a) on update restrict);
-- or
create table ks3 (a integer primary key);
create table ks (a integer, b integer, c text, constraint k unique (a, b) deferrable initially deferred);
create table kr (a integer, b integer);
alter table ks add constraint ks_self foreign key (a) references ks3 (a);
-- or
create table ks (a bigint, b bigint, c text);
create unique index k on ks (b, a) nulls not distinct;
create table kr (a bigint, b bigint, constraint kr_to foreign key (a, b) references ks (b, a) not enforced);
-- or
create table ks (a integer, b integer, c text, constraint k2 unique (b, a), constraint k primary key (a));
alter table ks add constraint ks_self foreign key (b) references ks (a) deferrable;
create table kr (a integer, b integer, constraint kr_to foreign key (a) references ks match full,
    constraint kr_to2 foreign key (a, b) references ks (b, a));
alter table kr alter constraint kr_to2 not enforced;

-- thing periods
create table per (id int4range, d daterange, constraint per_key primary key (id, d without overlaps));
create table per_to (id int4range, d daterange, constraint per_there foreign key (id, period d) references per (id, period d));
-- or
create table per (id int4range, d daterange, constraint per_key unique (id, d without overlaps));
create table per_to (id int4range, d daterange);
alter table per_to add constraint per_there foreign key (id, period d) references per (id, period d) not valid;
-- or
create table per (id int4range, d tsrange, constraint per_key primary key (id, d without overlaps));
create table per_to (id int4range, d tsrange, constraint per_there foreign key (id, period d) references per (id, period d)
    deferrable);
-- or
create table per (id int4range not null, d daterange not null, constraint per_key exclude using gist (id with =, d with &&));
create table per_to (id int4range, d daterange, constraint per_to_key primary key (id, d without overlaps));

-- thing enforced
create table en (a integer, constraint c check (a > 0));
create table en_child (b integer) inherits (en);
-- or
create table en (a integer, constraint c check (a > 0) not enforced);
create table en_child (b integer) inherits (en);
-- or
create table en (a integer, constraint c check (a > 0) no inherit);
create table en_child (b integer, constraint c check (a > 1)) inherits (en);
-- or
create table en (a integer);
alter table en add constraint c check (a > 0) not valid;
create table en_child (b integer, constraint c check (a > 0)) inherits (en);
-- or
create table en (a integer, constraint c check (a > 5));
create table en_child (a integer, b integer, constraint c check (a > 5)) inherits (en);
alter table en_child alter a set default 4;

-- thing column_grants
create table cg (a integer, b integer, c integer);
grant select (a), update (b) on cg to cases_reader with grant option;
-- or
create table cg (a integer, b integer, c integer);
alter table cg owner to cases_owner;
grant select (a, b), insert (c) on cg to cases_reader with grant option;
set role cases_reader;
grant select (a) on cg to cases_writer;
reset role;
-- or
create table cg (a integer, b integer, d integer);
grant select on cg to cases_reader with grant option;
grant references (a) on cg to public;
set role cases_reader;
grant select (b) on cg to cases_writer;
reset role;
-- or
create view cg as select 1 as a, 2 as b, 3 as c;
grant select (a), update (b) on cg to cases_reader with grant option;
revoke all on cg from postgres;
-- or
create materialized view cg as select 1 as a, 2 as b;
grant select (a) on cg to cases_reader;

-- thing policy_functions
create function may(integer) returns boolean language sql stable as 'select $1 > 0';
create table pf (id integer, owner name default current_user);
create policy own on pf using (may(id));
alter table pf enable row level security;
-- or
create function may(bigint) returns boolean language sql stable as 'select $1 > 0';
create table pf (id bigint, owner text);
create policy own on pf for update using (may(id)) with check (exists (select 1 from pf p where p.id = pf.id));
-- or
create function may(x integer) returns integer language sql stable as 'select 1';
create table pf (id integer, owner text);
create table pf_members (id integer, who text);
create policy own on pf as restrictive to cases_reader using (may(id) = 1 and exists (select from pf_members m
    where m.id = pf.id and who = owner));
create rule r as on insert to pf where may(new.id) > 3 do instead insert into pf_members values (new.id, new.owner);
-- or
create function may(integer, integer default 2) returns boolean language plpgsql as 'begin return true; end';
create table pf (id integer, owner text, k boolean default may(3), check (may(id)));
create index pf_id on pf (id) where id > 3;
create trigger t before update on pf for each row when (may(old.id)) execute function suppress_redundant_updates_trigger();

-- thing many_parents
create table pa (a integer, n text);
create table pb (b integer, n text);
create table pc (c integer, n text);
create table kid (x integer) inherits (pa, pb);
create table grandkid (y integer) inherits (kid);
-- or
create table pa (a integer default 4, n text default 'a', constraint ca check (a > 0));
create table pb (b integer, n text default 'b');
create table pc (c integer, n text);
create table kid (x integer, n text default 'k') inherits (pb, pc, pa);
create table grandkid (y integer) inherits (kid, pc);
-- or
create table pa (a integer, n text not null);
create table pb (b integer, n text, a integer);
create table pc (c integer) inherits (pa, pb);
create table kid (x integer) inherits (pc);
create table grandkid (y integer, n text constraint own_n not null) inherits (kid, pa);
-- or
create table pa (a bigint, n varchar(5));
create table pb (b integer, n varchar(5), constraint ca check (b > 0));
create table pc (c integer, n varchar(5), b integer, constraint ca check (b > 0));
create table kid (x integer) inherits (pc, pb);
create table grandkid (y integer, a bigint, x integer, n varchar(5));
-- or
create table pa (a integer, n text);
create table kid (x integer, a integer, n text, b integer) inherits (pa);
create table grandkid () inherits (kid);

-- thing chain
create table ch (id integer, name text);
create view ch_1 as select id, name from ch;
create materialized view ch_2 as select id, count(*) as n from ch_1 group by id;
create view ch_3 as select n, id from ch_2;
create unique index ch_2_id on ch_2 (id);
-- or
create table ch (id bigint, name text);
create materialized view ch_1 as select id, name from ch;
create view ch_2 as select id, count(*) as n from ch_1 group by id;
create materialized view ch_3 as select n, id from ch_2;
create index ch_3_id on ch_3 (id);
create function ch_f() returns setof ch_3 language sql begin atomic select * from ch_3 where n > 1; end;
-- or
create table ch (id bigint, name varchar(20), x integer);
create view ch_1 as select * from ch;
create view ch_2 as select c.*, ch as whole from ch_1 c join ch using (id);
create materialized view ch_3 as select count(whole) as n from ch_2;
create function ch_f() returns integer language sql return (select count(*)::integer from ch_2);
create view ch_4 as select ch_f() as f;
-- or
create table ch (id integer primary key, name text);
create view ch_1 as select id, name, count(*) as n from ch group by id;
create function ch_f(integer) returns setof ch_1 language sql begin atomic select * from ch_1 where id = $1; end;
create view ch_2 with (security_invoker) as select * from ch_f(3);
create rule up as on update to ch_1 do instead update ch set name = new.name where id = old.id;
create trigger ins instead of insert on ch_2 for each row execute function suppress_redundant_updates_trigger();

-- thing not_nulls
create table nn (a integer constraint a_there not null, b integer not null, c text);
create table nn_child (d integer) inherits (nn);
-- or
create table nn (a integer not null no inherit, b integer constraint b_is not null, c text constraint c_is not null);
create table nn_child (a integer constraint a_child not null, b integer, c text, d integer) inherits (nn);
-- or
create table nn (a integer, b integer, c text);
alter table nn add constraint a_later not null a not valid;
create table nn_child (a integer, b integer not null, c text, d integer) inherits (nn);
-- or
create table nn (a integer, b integer not null, c text);
create table nn_child (a integer not null, b integer constraint b_own not null, d integer, c text);

-- thing typed needs composite
create table typed of pair;
-- or
create table typed of pair (b with options default 'z' not null);
-- or
create table typed (a integer, b text, c hue);

-- thing temporal needs range
create table temporal (id int4range, during daterange, constraint one_at_a_time primary key (id, during without overlaps));
-- or
create table temporal (id int4range, during daterange, spans span);
alter table temporal add constraint one_at_a_time unique (id);

-- thing view needs people
create view v as select id, name from people;
comment on view v is 'names';
grant select on v to cases_reader;
-- or
create view v with (security_barrier, security_invoker) as select id, name, age from people where age > 1;
alter view v alter age set default 3;
comment on column v.age is 'how old';
-- or
create view v with (check_option = cascaded) as select id, name from people where id > 1;
alter view v owner to cases_owner;
-- or
create materialized view v as select id, name from people with no data;
create unique index v_id on v (id);
-- or
create materialized view v with (fillfactor = 60) as select id, name, age from people;
create index v_id on v (id, age);
alter materialized view v cluster on v_id;
alter materialized view v alter column name set statistics 70;

-- thing over needs view
create view over as select count(*) as n, max(id) as top from v;
create rule r as on insert to over do instead nothing;
-- or
create view over as select id, name, row_number() over () as n from v;
create function of_over(over) returns integer language sql as 'select $1.id::integer';
grant select (id), select (n) on over to cases_writer with grant option;
-- or
create materialized view over as select name, count(*) as n from v group by 1;
create index on over (n);
create function of_over() returns setof over language sql begin atomic select * from over; end;

-- thing rule needs people orders
create rule quiet as on update to people do also nothing;
-- or
create rule quiet as on update to people where old.age > 5 do instead nothing;
comment on rule quiet on people is 'quiet';
-- or
create rule quiet as on delete to people do also delete from orders where person = old.id;
alter table people disable rule quiet;

-- thing trigger needs people trigger_function orders
create trigger tr before insert on people for each row execute function note();
-- or
create trigger tr after update of name on people for each row when (old.age is distinct from new.age) execute function note('x');
alter table people enable always trigger tr;
alter trigger tr on people depends on extension plpgsql;
create trigger tro before insert on orders for each row execute function note();
-- or
create constraint trigger tr after insert on people deferrable for each row execute function note();
comment on trigger tr on people is 'a trigger';
create trigger tro after update on orders referencing new table as fresh for each statement execute function note();
-- or
create trigger tr after insert or delete on people for each statement execute function note();
alter table people disable trigger tr;

-- thing policy needs people
create policy p on people using (age > 0);
-- or
create policy p on people as restrictive for select to cases_reader using (age > 1);
alter table people enable row level security;
-- or
create policy p on people for update to cases_reader, cases_writer using (name <> '') with check (age > 2);
alter table people enable row level security, force row level security;
comment on policy p on people is 'a policy';

-- thing statistics needs people
create statistics stat on name, age from people;
-- or
create statistics stat (mcv, dependencies) on name, age, id from people;
alter statistics stat set statistics 50;
-- or
create statistics stat on (age + 1), name from people;
comment on statistics stat is 'statistics';

-- thing owned needs sequence people
alter sequence seq owned by people.age;
-- or
create sequence seq_of_id;
alter sequence seq_of_id owned by people.id;
-- or
create sequence seq_of_id;
alter sequence seq_of_id owned by people.name;

-- thing grants needs people
grant select, insert on people to cases_reader;
grant update (name) on people to cases_writer;
-- or
grant all on people to cases_reader with grant option;
set role cases_reader;
grant select on people to cases_writer;
reset role;
-- or
revoke all on people from postgres;
grant select (id, age) on people to public;

-- thing default_privileges needs app
alter default privileges grant select on tables to cases_reader;
-- or
alter default privileges in schema app grant execute on functions to cases_reader with grant option;
alter default privileges for role cases_owner grant usage on types to cases_writer;
-- or
alter default privileges revoke execute on functions from public;
alter default privileges in schema public grant usage on sequences to cases_writer;

-- thing late needs app
create table late (a integer, b serial);
create view late_v as select 1 as x;
create function late_f() returns integer language sql as 'select 1';
-- or
create table late (a integer, b bigint, c text);
alter table late owner to cases_owner;
grant update on late to cases_writer;
create view late_v as select 1 as x, 2 as y;
create table app.late (a integer generated always as identity);
-- or
create view late as select 3 as a;
create materialized view late_v as select 2 as x;
create function late_f() returns integer language sql as 'select 2';
alter function late_f() owner to cases_owner;
revoke execute on function late_f() from public;
create type app.late as enum ('a');

-- thing publication needs people orders app
create publication pub for table people;
-- or
create publication pub for table only people (id, name) where (id > 5), only orders with (publish = 'insert', publish_via_partition_root);
-- or
create publication pub for tables in schema app, table only orders with (publish_generated_columns = stored);
comment on publication pub is 'published';
-- or
create publication pub for all tables;

-- thing event_trigger
create function ends() returns event_trigger language plpgsql as 'begin end';
create event trigger et on sql_drop execute function ends();
-- or
create function ends() returns event_trigger language plpgsql as 'begin end';
create event trigger et on ddl_command_end when tag in ('CREATE TABLE', 'DROP TABLE') execute function ends();
alter event trigger et disable;
comment on event trigger et is 'ends';
-- or
create function ends() returns event_trigger language plpgsql as 'begin end';
create function ends_other() returns event_trigger language plpgsql as 'begin end';
create event trigger et on ddl_command_end when tag in ('CREATE TABLE') execute function ends_other();
alter event trigger et enable replica;
alter event trigger et owner to cases_super;

-- thing atomic needs people
create function heads() returns bigint language sql begin atomic select count(id) from people; end;
-- or
create function heads() returns bigint language sql begin atomic select sum(age)::bigint from people where name <> 'x'; end;
-- or
create function heads() returns setof people language sql stable as 'select * from people';
-- or
create procedure heads(p people) language sql as 'select 1';

-- thing comments needs people orders
comment on table people is 'who';
comment on column people.name is 'called';
comment on column people.age is 'old';
-- or
comment on table people is 'whom';
comment on table orders is 'what';
comment on column people.id is 'which';
