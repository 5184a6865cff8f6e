-- case view and rule in a circle
-- both
create table s.t (id int);
-- new
create view s.a as select id from s.t;
create view s.b as select id from s.t;
create rule ra as on insert to s.a do instead insert into s.b values (new.id);
create rule rb as on insert to s.b do instead insert into s.a values (new.id);

-- case view and rule in a circle, replaced
-- both
create table s.t (id int);
-- old
create view s.a as select id from s.t;
create view s.b as select id from s.t;
create rule ra as on insert to s.a do instead insert into s.b values (new.id);
create rule rb as on insert to s.b do instead insert into s.a values (new.id);
-- new
create view s.a as select id as x from s.t;
create view s.b as select id as x from s.t;
create rule ra as on insert to s.a do instead insert into s.b values (new.x);
create rule rb as on insert to s.b do instead insert into s.a values (new.x);

-- case view and function of it in a circle
-- both
create table s.t (id int, a text);
-- new
create view s.v as select id, a from s.t;
create function s.f(s.v) returns text language sql as 'select $1.a';
create or replace view s.v as select id, s.f(null::s.v) as a from s.t;
comment on view s.v is 'x';
create view s.w as select * from s.v;

-- case view and atomic function in a circle
-- both
create table s.t (id int, a text);
-- new
create view s.v as select id, a from s.t;
create function s.f() returns bigint language sql begin atomic select count(*) from s.v; end;
create or replace view s.v as select id, a from s.t where s.f() > 0;

-- case table and function of it in a circle
-- new
create table s.t (id int);
create function s.f(s.t) returns int language sql immutable as 'select 1';
alter table s.t add check (s.f(t) > 0);
create index i on s.t (s.f(t));
alter table s.t add column x int default 5, alter column x set default 6;

-- case domain by function moves
-- old
create function s.f(int) returns bool language sql as 'select true';
create function s.g() returns int language sql as 'select 1';
create domain s.d as int default s.g() check (s.f(value));
create table s.t (x s.d);
-- new
create function s.f(x int) returns bool language sql as 'select false';
create function s.g() returns bigint language sql as 'select 1::bigint';
create domain s.d as bigint default s.g() check (s.f(value::int));
create table s.t (x s.d);

-- case function with default of enum moved
-- old
create type s.e as enum ('a', 'b');
create function s.f(x s.e default 'a') returns s.e language sql as 'select x';
create view s.v as select s.f() as e;
-- new
create type s.e as enum ('b', 'a');
create function s.f(x s.e default 'a') returns s.e language sql as 'select x';
create view s.v as select s.f() as e;

-- case enum moved with cast, operator, aggregate
-- old
create type s.e as enum ('a', 'b');
create function s.i(s.e) returns int language sql as 'select 1';
create cast (s.e as int) with function s.i(s.e);
create function s.eq(s.e, s.e) returns bool language sql as 'select true';
create operator s.=== (function = s.eq, leftarg = s.e, rightarg = s.e);
create function s.st(s.e, s.e) returns s.e language sql as 'select $1';
create aggregate s.ag(s.e) (sfunc = s.st, stype = s.e);
create table s.t (e s.e, es s.e[]);
create index i on s.t (e);
create view s.v as select s.ag(e) from s.t where e operator(s.===) 'a';
-- new
create type s.e as enum ('b', 'a');
create function s.i(s.e) returns int language sql as 'select 1';
create cast (s.e as int) with function s.i(s.e);
create function s.eq(s.e, s.e) returns bool language sql as 'select true';
create operator s.=== (function = s.eq, leftarg = s.e, rightarg = s.e);
create function s.st(s.e, s.e) returns s.e language sql as 'select $1';
create aggregate s.ag(s.e) (sfunc = s.st, stype = s.e);
create table s.t (e s.e, es s.e[]);
create index i on s.t (e);
create view s.v as select s.ag(e) from s.t where e operator(s.===) 'a';

-- case enum moved with trigger, policy, rule
-- old
create type s.e as enum ('a', 'b');
create table s.t (e s.e);
create function s.tf() returns trigger language plpgsql as 'begin return new; end';
create trigger tr before update of e on s.t for each row when (new.e = 'a') execute function s.tf();
create policy p on s.t using (e = 'a');
create rule r as on delete to s.t where old.e = 'a' do instead nothing;
create materialized view s.m as select e from s.t;
create statistics s.st on e, (e::text) from s.t;
-- new
create type s.e as enum ('b', 'a');
create table s.t (e s.e);
create function s.tf() returns trigger language plpgsql as 'begin return new; end';
create trigger tr before update of e on s.t for each row when (new.e = 'a') execute function s.tf();
create policy p on s.t using (e = 'a');
create rule r as on delete to s.t where old.e = 'a' do instead nothing;
create materialized view s.m as select e from s.t;
create statistics s.st on e, (e::text) from s.t;

-- case enum moved with foreign keys
-- old
create type s.e as enum ('a', 'b');
create table s.t (e s.e primary key);
create table s.u (e s.e references s.t, unique (e));
create table s.w (e s.e references s.u (e));
-- new
create type s.e as enum ('b', 'a');
create table s.t (e s.e primary key);
create table s.u (e s.e references s.t, unique (e));
create table s.w (e s.e references s.u (e));

-- case enum moved with inheritance
-- old
create type s.e as enum ('a', 'b');
create table s.t (e s.e default 'a');
create table s.u (x int) inherits (s.t);
-- new
create type s.e as enum ('b', 'a');
create table s.t (e s.e default 'a');
create table s.u (x int) inherits (s.t);

-- case enum moved with range over it
-- old
create type s.e as enum ('a', 'b');
create type s.r as range (subtype = s.e);
create table s.t (r s.r);
-- new
create type s.e as enum ('b', 'a', 'c');
create type s.r as range (subtype = s.e);
create table s.t (r s.r);

-- case enum and schema both go
-- old
create schema s_x;
create type s_x.e as enum ('a');
create table s_x.t (e s_x.e);

-- case enum moves schema
-- both
create schema s_x;
-- old
create type s.e as enum ('a');
create table s.t (e s.e default 'a');
-- new
create type s_x.e as enum ('a');
create table s.t (e s_x.e default 'a');

-- case composite in function and view
-- old
create type s.c as (a int, b int);
create table s.t (c s.c);
create function s.f(s.c) returns int language sql as 'select 1';
create view s.v as select (c).a from s.t;
-- new
create type s.c as (a bigint, b int);
create table s.t (c s.c);
create function s.f(s.c) returns int language sql as 'select 1';
create view s.v as select (c).a from s.t;

-- case composite attribute dropped under view
-- old
create type s.c as (a int, b int);
create table s.t (c s.c);
create view s.v as select (c).b from s.t;
-- new
create type s.c as (a int);
create table s.t (c s.c);
create view s.v as select (c).a as b from s.t;

-- case nested composites
-- old
create type s.a as (x int);
create type s.b as (a s.a, y int);
create table s.t (b s.b[]);
-- new
create type s.a as (x text);
create type s.b as (a s.a, y int);
create table s.t (b s.b[]);

-- case domain over domain moves
-- old
create domain s.a as int;
create domain s.b as s.a check (value > 0);
create table s.t (b s.b);
-- new
create domain s.a as bigint;
create domain s.b as s.a check (value > 0);
create table s.t (b s.b);

-- case domain over composite
-- old
create type s.c as (a int);
create domain s.d as s.c check ((value).a > 0);
create table s.t (d s.d);
-- new
create type s.c as (a bigint);
create domain s.d as s.c check ((value).a > 0);
create table s.t (d s.d);

-- case type becomes another kind under column
-- old
create type s.x as enum ('1');
create table s.t (x s.x);
-- new
create domain s.x as text;
create table s.t (x s.x);

-- case function's argument type goes
-- old
create type s.e as enum ('a');
create function s.f(s.e) returns int language sql as 'select 1';
-- new
create function s.f(text) returns int language sql as 'select 1';

-- case collation in view, domain, index
-- both
create table s.t (a text);
-- old
create collation s.c (provider = libc, locale = 'C');
create domain s.d as text collate s.c;
create table s.u (d s.d, e text collate s.c);
create view s.v as select a collate s.c as a from s.t;
create index i on s.t (a collate s.c);
-- new
create collation s.c (provider = libc, locale = 'POSIX');
create domain s.d as text collate s.c;
create table s.u (d s.d, e text collate s.c);
create view s.v as select a collate s.c as a from s.t;
create index i on s.t (a collate s.c);

-- case support chain replaced
-- old
create function s.cmp(int, int) returns int language sql immutable as 'select 1';
create operator class s.c for type int using btree as operator 1 <, operator 2 <=, operator 3 =, operator 4 >=, operator 5 >, function 1 s.cmp(int, int);
create table s.t (a int);
create index i on s.t (a s.c);
-- new
create function s.cmp(a int, b int) returns int language sql immutable as 'select 2';
create operator class s.c for type int using btree as operator 1 <, operator 2 <=, operator 3 =, operator 4 >=, operator 5 >, function 1 s.cmp(int, int);
create table s.t (a int);
create index i on s.t (a s.c);

-- case support chain function renamed argument
-- old
create function s.cmp(x int, y int) returns int language sql immutable as 'select 1';
create operator class s.c for type int using btree as operator 1 <, operator 2 <=, operator 3 =, operator 4 >=, operator 5 >, function 1 s.cmp(int, int);
create table s.t (a int);
create index i on s.t (a s.c);
-- new
create function s.cmp(a int, b int) returns int language sql immutable as 'select 2';
create operator class s.c for type int using btree as operator 1 <, operator 2 <=, operator 3 =, operator 4 >=, operator 5 >, function 1 s.cmp(int, int);
create table s.t (a int);
create index i on s.t (a s.c);

-- case everything of a type's own
-- new
create type s.e as enum ('a');
create function s.lt(s.e, s.e) returns bool language sql immutable as 'select false';
create operator s.<< (function = s.lt, leftarg = s.e, rightarg = s.e);
create function s.cmp(s.e, s.e) returns int language sql immutable as 'select 0';
create operator family s.f using btree;
create operator class s.c for type s.e using btree family s.f as operator 1 s.<<, function 1 s.cmp(s.e, s.e);
create table s.t (e s.e);
create index i on s.t (e s.c);

-- case loose members before the class
-- new
create operator family s.f using btree;
alter operator family s.f using btree add operator 1 < (int, int), function 1 (int, int) btint4cmp(int, int);
create operator class s.c for type int using btree family s.f as storage int;

-- case view chain appended
-- both
create table s.t (id int);
-- old
create view s.a as select id from s.t;
create view s.b as select * from s.a;
create view s.c as select * from s.b;
-- new
alter table s.t add column x int;
create view s.a as select id, x from s.t;
create view s.b as select * from s.a;
create view s.c as select * from s.b;

-- case view chain changes way
-- both
create table s.t (id int);
-- old
create view s.a as select id from s.t;
create view s.b as select id from s.a;
-- new
create view s.b as select id from s.t;
create view s.a as select id from s.b;

-- case table swaps with view
-- old
create table s.a (id int);
create view s.b as select id from s.a;
-- new
create table s.b (id int);
create view s.a as select id from s.b;

-- case materialized chain
-- both
create table s.t (id int);
-- old
create materialized view s.m as select id from s.t;
create unique index mi on s.m (id);
create materialized view s.n as select id from s.m;
create index ni on s.n (id);
grant select on s.n to public;
alter materialized view s.n cluster on ni;
-- new
create materialized view s.m as select id, 1 as one from s.t;
create unique index mi on s.m (id);
create materialized view s.n as select id from s.m;
create index ni on s.n (id);
grant select on s.n to public;
alter materialized view s.n cluster on ni;

