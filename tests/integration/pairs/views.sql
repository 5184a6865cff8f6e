-- case view added
-- both
create table s.t (id int primary key, a text, b int);
-- new
create view s.v with (security_barrier, check_option = local) as select id, a from s.t where b > 1;

-- case view removed
-- both
create table s.t (id int primary key, a text, b int);
-- old
create view s.v as select id, a from s.t;

-- case view extended
-- both
create table s.t (id int primary key, a text, b int);
-- old
create view s.v as select id, a from s.t;
-- new
create view s.v as select id, a, b from s.t;

-- case view body
-- both
create table s.t (id int primary key, a text, b int);
-- old
create view s.v as select id, a from s.t;
-- new
create view s.v as select id, a from s.t where b > 0;

-- case view column dropped
-- both
create table s.t (id int primary key, a text, b int);
-- old
create view s.v as select id, a, b from s.t;
-- new
create view s.v as select id, a from s.t;

-- case view column renamed
-- both
create table s.t (id int primary key, a text, b int);
-- old
create view s.v as select id, a from s.t;
-- new
create view s.v as select id as x, a from s.t;

-- case view column type
-- both
create table s.t (id int primary key, a text, b int);
-- old
create view s.v as select id, a from s.t;
-- new
create view s.v as select id::bigint, a from s.t;

-- case view options
-- both
create table s.t (id int primary key, a text, b int);
-- old
create view s.v as select id, a from s.t;
-- new
create view s.v with (security_barrier = true, security_invoker = true) as select id, a from s.t;

-- case view options gone
-- both
create table s.t (id int primary key, a text, b int);
-- old
create view s.v with (security_barrier = true, check_option = cascaded) as select id, a from s.t;
-- new
create view s.v as select id, a from s.t;

-- case view options and body
-- both
create table s.t (id int primary key, a text, b int);
-- old
create view s.v with (security_barrier = true) as select id, a from s.t;
-- new
create view s.v with (security_invoker = true) as select id, a from s.t where b > 0;

-- case view column list
-- both
create table s.t (id int primary key, a text, b int);
-- new
create view s.v (x, y) as select id, a from s.t;
comment on column s.v.x is 'c';
comment on view s.v is 'v';
grant select on s.v to public;
grant update (x) on s.v to public;

-- case view default
-- both
create table s.t (id int primary key, a text, b int);
create view s.v as select id, a from s.t;
-- new
alter view s.v alter column a set default 'x';

-- case view default replaced
-- both
create table s.t (id int primary key, a text, b int);
-- old
create view s.v as select id, a from s.t;
alter view s.v alter column a set default 'x';
-- new
create view s.v as select a, id from s.t;
alter view s.v alter column a set default 'x';

-- case view chain
-- both
create table s.t (id int primary key, a text, b int);
-- old
create view s.v as select id, a from s.t;
create view s.w as select * from s.v;
create view s.a as select count(*) from s.w;
comment on view s.a is 'kept';
grant select on s.a to public;
-- new
create view s.v as select id::text, a from s.t;
create view s.w as select * from s.v;
create view s.a as select count(*) from s.w;
comment on view s.a is 'kept';
grant select on s.a to public;

-- case view with rule replaced
-- both
create table s.t (id int primary key, a text, b int);
-- old
create view s.v as select id, a from s.t;
create rule r as on insert to s.v do instead insert into s.t values (new.id, new.a, 0);
-- new
create view s.v as select a, id from s.t;
create rule r as on insert to s.v do instead insert into s.t values (new.id, new.a, 0);

-- case view with trigger replaced
-- both
create table s.t (id int primary key, a text, b int);
create function s.tf() returns trigger language plpgsql as 'begin return new; end';
create function s.tg() returns trigger language plpgsql as 'begin return new; end';
-- old
create view s.v as select id, a from s.t;
create trigger tr instead of insert on s.v for each row execute function s.tf();
comment on trigger tr on s.v is 'x';
-- new
create view s.v as select a, id from s.t;
create trigger tr instead of insert on s.v for each row execute function s.tf();
comment on trigger tr on s.v is 'x';

-- case view over function
-- old
create function s.f() returns int language sql as 'select 1';
create view s.v as select s.f() as x;
-- new
create function s.f() returns bigint language sql as 'select 1::bigint';
create view s.v as select s.f() as x;

-- case view lets column go
-- both
create table s.t (id int primary key, a text, b int);
-- old
create view s.v as select id, a from s.t;
-- new
alter table s.t drop column a;
create view s.v as select id, 'x'::text as a from s.t;

-- case view takes new column
-- both
create table s.t (id int primary key, a text, b int);
-- old
create view s.v as select id, a from s.t;
-- new
alter table s.t add column c int;
create view s.v as select id, a, c from s.t;

-- case column under view retyped
-- old
create table s.t (id int primary key, a text, b int);
create view s.v as select id, a from s.t;
comment on view s.v is 'k';
-- new
create table s.t (id int primary key, a varchar(10), b int);
create view s.v as select id, a from s.t;
comment on view s.v is 'k';

-- case view group by key
-- both
create table s.t (id int primary key, a text, b int);
-- new
create view s.v as select id, a from s.t group by id;

-- case view group by key, key replaced
-- both
create table s.t (id int, a text, b int);
-- old
alter table s.t add constraint k primary key (id);
create view s.v as select id, a from s.t group by id;
-- new
alter table s.t add constraint k primary key (id) include (b);
create view s.v as select id, a from s.t group by id;

-- case recursive view
-- new
create recursive view s.r2 (n) as values (1) union all select n + 1 from r2 where n < 10;

-- case view and function in circle
-- both
create table s.t (id int primary key, a text, b int);
-- new
create view s.v as select id, a from s.t;
create function s.f(s.v) returns text language sql as 'select $1.a';
create or replace view s.v as select id, a, 1 as one from s.t;

-- case view becomes table
-- both
create table s.t (id int primary key, a text, b int);
-- old
create view s.v as select id, a from s.t;
-- new
create table s.v (id int);

-- case table becomes view
-- both
create table s.t (id int primary key, a text, b int);
-- old
create table s.v (id int);
-- new
create view s.v as select id, a from s.t;

-- case view becomes materialized
-- both
create table s.t (id int primary key, a text, b int);
-- old
create view s.v as select id, a from s.t;
-- new
create materialized view s.v as select id, a from s.t;

-- case view with in list
-- both
create table s.t (id int, a varchar(5));
-- new
create view s.v as select id from s.t where a in ('x', 'y');

-- case view of array literal
-- new
create view s.v as select (array['a', 'b']::varchar[])::text[] as x, array[1,2] as y;

-- case materialized
-- both
create table s.t (id int primary key, a text, b int);
-- new
create materialized view s.m with (fillfactor = 70) as select id, a from s.t with no data;
create unique index mi on s.m (id);
alter materialized view s.m alter column a set storage external, alter column a set statistics 7, alter column a set (n_distinct = 5);
alter materialized view s.m cluster on mi;
comment on column s.m.a is 'x';

-- case materialized removed
-- both
create table s.t (id int primary key, a text, b int);
-- old
create materialized view s.m as select id, a from s.t;
create unique index mi on s.m (id);

-- case materialized replaced
-- both
create table s.t (id int primary key, a text, b int);
-- old
create materialized view s.m as select id, a from s.t;
create unique index mi on s.m (id);
create index mj on s.m (a) where id > 0;
create view s.w as select * from s.m;
comment on index s.mi is 'x';
create statistics s.st on id, a from s.m;
-- new
create materialized view s.m as select id, a, b from s.t;
create unique index mi on s.m (id);
create index mj on s.m (a) where id > 0;
create view s.w as select id, a from s.m;
comment on index s.mi is 'x';
create statistics s.st on id, a from s.m;

-- case materialized options
-- both
create table s.t (id int primary key, a text, b int);
create materialized view s.m as select id, a from s.t;
-- old
alter materialized view s.m set (fillfactor = 70), alter column a set storage external, alter column a set statistics 100;
-- new
alter materialized view s.m set (autovacuum_enabled = off), alter column a set (n_distinct = 5), alter column a set compression pglz;

-- case materialized index
-- both
create table s.t (id int primary key, a text, b int);
create materialized view s.m as select id, a from s.t;
-- old
create index i on s.m (id);
-- new
create index i on s.m (a);

-- case materialized access method
-- both
create table s.t (id int primary key, a text, b int);
create access method s_h type table handler heap_tableam_handler;
-- old
create materialized view s.m as select id, a from s.t;
-- new
create materialized view s.m using s_h as select id, a from s.t;

-- case rule
-- both
create table s.t (id int primary key, a text, b int);
-- new
create rule r as on insert to s.t where new.id > 5 do also delete from s.t where id < 0;
create rule r2 as on delete to s.t do instead nothing;
alter table s.t disable rule r2;
comment on rule r on s.t is 'x';

-- case rule changed
-- both
create table s.t (id int primary key, a text, b int);
-- old
create rule r as on insert to s.t do also notify x;
-- new
create rule r as on insert to s.t do also notify y;
alter table s.t enable always rule r;

-- case rule event
-- both
create table s.t (id int primary key, a text, b int);
-- old
create rule r as on insert to s.t do also notify x;
-- new
create rule r as on update to s.t do also notify x;

-- case rule state
-- both
create table s.t (id int primary key, a text, b int);
create rule r as on insert to s.t do also notify x;
-- new
alter table s.t enable replica rule r;

-- case rule removed
-- both
create table s.t (id int primary key, a text, b int);
-- old
create rule r as on insert to s.t do also notify x;

-- case rule of several
-- both
create table s.t (id int primary key, a text, b int);
create table s.log (id int, what text);
-- new
create rule r as on update to s.t do also (insert into s.log values (old.id, 'old'); insert into s.log values (new.id, 'new'); delete from s.log where id < 0);

-- case rule and dropped column
-- both
create table s.t (id int primary key, a text, b int);
create table s.log (id int, what text);
-- old
create rule r as on update to s.t do also insert into s.log values (old.id, old.a);
-- new
create rule r as on update to s.t do also insert into s.log values (old.id);
alter table s.t drop column a;

-- case trigger
-- both
create table s.t (id int primary key, a text, b int);
create function s.tf() returns trigger language plpgsql as 'begin return new; end';
create function s.tg() returns trigger language plpgsql as 'begin return new; end';
-- new
create trigger tr before insert or update of a, b on s.t for each row when (new.b > 0) execute function s.tf('x', 'it''s');

-- case trigger removed
-- both
create table s.t (id int primary key, a text, b int);
create function s.tf() returns trigger language plpgsql as 'begin return new; end';
create function s.tg() returns trigger language plpgsql as 'begin return new; end';
-- old
create trigger tr before insert on s.t for each row execute function s.tf();

-- case trigger changed
-- both
create table s.t (id int primary key, a text, b int);
create function s.tf() returns trigger language plpgsql as 'begin return new; end';
create function s.tg() returns trigger language plpgsql as 'begin return new; end';
-- old
create trigger tr before insert on s.t for each row execute function s.tf();
comment on trigger tr on s.t is 'x';
-- new
create trigger tr after insert or delete on s.t for each row execute function s.tg();
comment on trigger tr on s.t is 'x';

-- case trigger changed and disabled
-- both
create table s.t (id int primary key, a text, b int);
create function s.tf() returns trigger language plpgsql as 'begin return new; end';
create function s.tg() returns trigger language plpgsql as 'begin return new; end';
-- old
create trigger tr before insert on s.t for each row execute function s.tf();
alter table s.t disable trigger tr;
-- new
create trigger tr after insert or delete on s.t for each row execute function s.tg();
alter table s.t disable trigger tr;

-- case trigger states
-- both
create table s.t (id int primary key, a text, b int);
create function s.tf() returns trigger language plpgsql as 'begin return new; end';
create function s.tg() returns trigger language plpgsql as 'begin return new; end';
create trigger tr before insert on s.t for each row execute function s.tf();
create trigger ts before insert on s.t for each row execute function s.tf();
-- old
alter table s.t disable trigger tr;
-- new
alter table s.t enable replica trigger tr, enable always trigger ts;

-- case trigger transition
-- both
create table s.t (id int primary key, a text, b int);
create function s.tf() returns trigger language plpgsql as 'begin return new; end';
create function s.tg() returns trigger language plpgsql as 'begin return new; end';
-- new
create trigger tr after update on s.t referencing old table as o new table as n for each statement execute function s.tf();

-- case trigger truncate
-- both
create table s.t (id int primary key, a text, b int);
create function s.tf() returns trigger language plpgsql as 'begin return new; end';
create function s.tg() returns trigger language plpgsql as 'begin return new; end';
-- new
create trigger tr before truncate on s.t for each statement execute function s.tf();

-- case constraint trigger
-- both
create table s.t (id int primary key, a text, b int);
create function s.tf() returns trigger language plpgsql as 'begin return new; end';
create function s.tg() returns trigger language plpgsql as 'begin return new; end';
-- new
create constraint trigger tr after insert on s.t deferrable initially deferred for each row execute function s.tf();

-- case constraint trigger changed
-- both
create table s.t (id int primary key, a text, b int);
create function s.tf() returns trigger language plpgsql as 'begin return new; end';
create function s.tg() returns trigger language plpgsql as 'begin return new; end';
-- old
create constraint trigger tr after insert on s.t deferrable initially deferred for each row execute function s.tf();
-- new
create constraint trigger tr after insert on s.t for each row execute function s.tg();

-- case trigger becomes constraint
-- both
create table s.t (id int primary key, a text, b int);
create function s.tf() returns trigger language plpgsql as 'begin return new; end';
create function s.tg() returns trigger language plpgsql as 'begin return new; end';
-- old
create trigger tr after insert on s.t for each row execute function s.tf();
-- new
create constraint trigger tr after insert on s.t for each row execute function s.tf();

-- case trigger function replaced
-- both
create table s.t (id int primary key, a text, b int);
-- old
create function s.f() returns trigger language plpgsql as 'begin return new; end';
create trigger tr before insert on s.t for each row execute function s.f();
-- new
create function s.f() returns trigger language plpgsql as 'begin return old; end';
create trigger tr before insert on s.t for each row execute function s.f();

-- case trigger function gone
-- both
create table s.t (id int primary key, a text, b int);
create function s.tf() returns trigger language plpgsql as 'begin return new; end';
create function s.tg() returns trigger language plpgsql as 'begin return new; end';
-- old
create function s.f() returns trigger language plpgsql as 'begin return new; end';
create trigger tr before insert on s.t for each row execute function s.f();
-- new
create trigger tr before insert on s.t for each row execute function s.tf();

-- case trigger column dropped
-- both
create table s.t (id int primary key, a text, b int);
create function s.tf() returns trigger language plpgsql as 'begin return new; end';
create function s.tg() returns trigger language plpgsql as 'begin return new; end';
-- old
create trigger tr before update of a, b on s.t for each row execute function s.tf();
-- new
alter table s.t drop column b;
create trigger tr before update of a on s.t for each row execute function s.tf();

-- case trigger column retyped
-- both
create table s.t (id int primary key, a text, b int);
create function s.tf() returns trigger language plpgsql as 'begin return new; end';
create function s.tg() returns trigger language plpgsql as 'begin return new; end';
-- old
create trigger tr before update of b on s.t for each row when (new.b > 0) execute function s.tf();
-- new
alter table s.t alter column b type bigint;
create trigger tr before update of b on s.t for each row when (new.b > 0) execute function s.tf();

-- case partitioned trigger
-- both
create table s.p (id int, a text) partition by list (id);
create table s.p1 partition of s.p for values in (1);
create table s.p2 partition of s.p for values in (2);
create function s.tf() returns trigger language plpgsql as 'begin return new; end';
-- new
create trigger tr after insert on s.p for each row execute function s.tf();
alter table s.p1 disable trigger tr;

-- case partitioned trigger removed
-- both
create table s.p (id int, a text) partition by list (id);
create table s.p1 partition of s.p for values in (1);
create table s.p2 partition of s.p for values in (2);
create function s.tf() returns trigger language plpgsql as 'begin return new; end';
-- old
create trigger tr after insert on s.p for each row execute function s.tf();
alter table s.p1 disable trigger tr;

-- case partitioned trigger changed
-- both
create table s.p (id int, a text) partition by list (id);
create table s.p1 partition of s.p for values in (1);
create table s.p2 partition of s.p for values in (2);
create function s.tf() returns trigger language plpgsql as 'begin return new; end';
-- old
create trigger tr after insert on s.p for each row execute function s.tf();
alter table s.p1 disable trigger tr;
-- new
create trigger tr after update on s.p for each row execute function s.tf();
alter table s.p1 disable trigger tr;

-- case partitioned trigger states
-- both
create table s.p (id int, a text) partition by list (id);
create table s.p1 partition of s.p for values in (1);
create table s.p2 partition of s.p for values in (2);
create function s.tf() returns trigger language plpgsql as 'begin return new; end';
create trigger tr after insert on s.p for each row execute function s.tf();
-- new
alter table s.p disable trigger tr;
alter table s.p1 enable replica trigger tr;

-- case partitioned trigger states only
-- both
create table s.p (id int, a text) partition by list (id);
create table s.p1 partition of s.p for values in (1);
create table s.p2 partition of s.p for values in (2);
create function s.tf() returns trigger language plpgsql as 'begin return new; end';
create trigger tr after insert on s.p for each row execute function s.tf();
-- new
alter table only s.p disable trigger tr;

-- case partition added under trigger
-- both
create table s.p (id int, a text) partition by list (id);
create table s.p1 partition of s.p for values in (1);
create table s.p2 partition of s.p for values in (2);
create function s.tf() returns trigger language plpgsql as 'begin return new; end';
create trigger tr after insert on s.p for each row execute function s.tf();
-- new
create table s.p3 partition of s.p for values in (3);
alter table s.p3 disable trigger tr;

-- case partition added under disabled trigger
-- both
create table s.p (id int, a text) partition by list (id);
create table s.p1 partition of s.p for values in (1);
create table s.p2 partition of s.p for values in (2);
create function s.tf() returns trigger language plpgsql as 'begin return new; end';
create trigger tr after insert on s.p for each row execute function s.tf();
alter table only s.p disable trigger tr;
-- new
create table s.p3 partition of s.p for values in (3);
alter table s.p3 enable trigger tr;

-- case partition detached under trigger
-- both
create table s.p (id int, a text) partition by list (id);
create table s.p1 partition of s.p for values in (1);
create table s.p2 partition of s.p for values in (2);
create function s.tf() returns trigger language plpgsql as 'begin return new; end';
create trigger tr after insert on s.p for each row execute function s.tf();
-- new
alter table s.p detach partition s.p1;
create trigger tr after insert on s.p1 for each row execute function s.tf();

-- case partition attached under trigger
-- both
create table s.p (id int, a text) partition by list (id);
create table s.p1 partition of s.p for values in (1);
create table s.p2 partition of s.p for values in (2);
create function s.tf() returns trigger language plpgsql as 'begin return new; end';
create trigger tr after insert on s.p for each row execute function s.tf();
-- old
create table s.p3 (id int, a text);
create trigger tr after insert on s.p3 for each row execute function s.tf();
-- new
create table s.p3 (id int, a text);
alter table s.p attach partition s.p3 for values in (3);

-- case policy
-- both
create table s.t (id int primary key, a text, b int);
-- new
create policy pol on s.t as restrictive for update to public using (b > 0) with check (b > 1);
create policy pol2 on s.t using (true);
alter table s.t enable row level security;

-- case policy removed
-- both
create table s.t (id int primary key, a text, b int);
-- old
create policy pol on s.t using (true);

-- case policy changed
-- both
create table s.t (id int primary key, a text, b int);
-- old
create policy pol on s.t using (b > 0);
-- new
create policy pol on s.t to current_user using (b > 1 and a = 'x') with check ((b > 2) or (b < 0));

-- case policy check gone
-- both
create table s.t (id int primary key, a text, b int);
-- old
create policy pol on s.t using (b > 0) with check (b > 1);
-- new
create policy pol on s.t using (b > 0);

-- case policy command
-- both
create table s.t (id int primary key, a text, b int);
-- old
create policy pol on s.t for select using (b > 0);
-- new
create policy pol on s.t for delete using (b > 0);

-- case policy permissive
-- both
create table s.t (id int primary key, a text, b int);
-- old
create policy pol on s.t using (b > 0);
comment on policy pol on s.t is 'x';
-- new
create policy pol on s.t as restrictive using (b > 0);
comment on policy pol on s.t is 'x';

-- case policy over column retyped
-- both
create table s.t (id int primary key, a text, b int);
-- old
create policy pol on s.t using (b > 0);
-- new
alter table s.t alter column b type bigint;
create policy pol on s.t using (b > 0);

-- case policy over function
-- both
create table s.t (id int primary key, a text, b int);
-- old
create function s.f() returns bool language sql as 'select true';
create policy pol on s.t using (s.f());
-- new
create function s.g() returns bool language sql as 'select true';
create policy pol on s.t using (s.g());

-- case policy in list
-- both
create table s.t (id int, a varchar(5));
-- new
create policy pol on s.t using (a in ('x', 'y'));

-- case publication of tables
-- both
create table s.t (id int primary key, a text, b int);
create table s.u (id int primary key, x int);
-- new
create publication s_p for table s.t where (id > 5), s.u, tables in schema public with (publish = 'insert');

-- case publication columns
-- both
create table s.t (id int primary key, a text, b int);
-- old
create publication s_p for table s.t (id);
-- new
create publication s_p for table s.t (id, b);

-- case publication where
-- both
create table s.t (id int primary key, a text, b int);
-- old
create publication s_p for table s.t where (id > 1);
-- new
create publication s_p for table s.t where (id in (1, 2));

-- case publication table gone
-- both
create table s.t (id int primary key, a text, b int);
create publication s_p;
-- old
alter publication s_p add table s.t;

-- case publication table dropped
-- both
create publication s_p;
-- old
create table s.t (id int primary key, a text, b int);
alter publication s_p add table s.t;

-- case publication of inheritance
-- both
create table s.a (id int primary key);
create table s.b (x int) inherits (s.a);
-- new
create publication s_p for table only s.a;

-- case publication column retyped
-- both
create table s.t (id int primary key, a text, b int);
-- old
create publication s_p for table s.t where (id > 1);
-- new
alter table s.t alter column id type bigint;
create publication s_p for table s.t where (id > 1);

-- case enum grows and is used
-- old
create type s.e as enum ('a', 'c');
create table s.t (x s.e default 'a', y s.e[]);
-- new
create type s.e as enum ('a', 'b', 'c');
create table s.t (x s.e default 'b', y s.e[] default array['b'::s.e], check (x <> 'b'));
create index i on s.t (x) where x = 'b';
create view s.v as select * from s.t where x = 'b';

-- case enum grows and is a bound
-- old
create type s.e as enum ('a');
create table s.t (x s.e) partition by list (x);
-- new
create type s.e as enum ('a', 'b');
create table s.t (x s.e) partition by list (x);
create table s.t1 partition of s.t for values in ('b');

-- case enum value removed
-- old
create type s.e as enum ('a', 'b', 'c');
create table s.t (x s.e default 'a' not null, y s.e[] default '{a}', check (x <> 'c'), primary key (x));
create index i on s.t (x) where x = 'a';
create view s.v as select * from s.t where x = 'a';
create function s.f(s.e) returns s.e language sql as 'select $1';
create domain s.d as s.e default 'a' check (value <> 'c');
create table s.u (z s.d, e s.e generated always as (case when true then 'a'::s.e end) stored);
-- new
create type s.e as enum ('a', 'c');
create table s.t (x s.e default 'a' not null, y s.e[] default '{a}', check (x <> 'c'), primary key (x));
create index i on s.t (x) where x = 'a';
create view s.v as select * from s.t where x = 'a';
create function s.f(s.e) returns s.e language sql as 'select $1';
create domain s.d as s.e default 'a' check (value <> 'c');
create table s.u (z s.d, e s.e generated always as (case when true then 'a'::s.e end) stored);

-- case enum reordered, composite
-- old
create type s.e as enum ('a', 'b');
create type s.c as (e s.e, n int);
create table s.t (c s.c, cs s.c[]);
comment on type s.e is 'x';
-- new
create type s.e as enum ('b', 'a');
create type s.c as (e s.e, n int);
create table s.t (c s.c, cs s.c[]);
comment on type s.e is 'x';

-- case enum reordered, partitions
-- old
create type s.e as enum ('a', 'b');
create table s.t (x s.e, y int) partition by list (y);
create table s.t1 partition of s.t for values in (1);
-- new
create type s.e as enum ('b', 'a');
create table s.t (x s.e, y int) partition by list (y);
create table s.t1 partition of s.t for values in (1);

-- case enum reordered, partition key
-- old
create type s.e as enum ('a', 'b');
create table s.t (x s.e) partition by list (x);
create table s.t1 partition of s.t for values in ('a');
-- new
create type s.e as enum ('b', 'a');
create table s.t (x s.e) partition by list (x);
create table s.t1 partition of s.t for values in ('a');

-- case partition key retyped
-- old
create table s.t (x int, y text) partition by list (x);
create table s.t1 partition of s.t for values in (1);
create table s.t2 partition of s.t for values in (2) partition by range (x, y);
create table s.t21 partition of s.t2 default;
create index i on s.t (y);
create view s.v as select * from s.t;
comment on table s.t is 'c';
create table s.z (a int);
insert into s.t values (1, 'a'), (2, 'b');
-- new
create table s.t (x bigint, y text) partition by list (x);
create table s.t1 partition of s.t for values in (1);
create table s.t2 partition of s.t for values in (2) partition by range (x, y);
create table s.t21 partition of s.t2 default;
create index i on s.t (y);
create view s.v as select * from s.t;
comment on table s.t is 'c';
create table s.z (a int);

-- case partition key changed
-- old
create table s.t (x int, y text) partition by list (x);
create table s.t1 partition of s.t for values in (1);
insert into s.t values (1, 'a');
-- new
create table s.t (x int, y text) partition by list (y);
create table s.t1 partition of s.t for values in ('a');

-- case enum column becomes text
-- old
create type s.e as enum ('a', 'b');
create table s.t (x s.e default 'a');
-- new
create table s.t (x text default 'a');

-- case text column becomes enum
-- old
create table s.t (x text default 'a');
-- new
create type s.e as enum ('a', 'b');
create table s.t (x s.e default 'a');

-- case composite attribute stored
-- old
create type s.c as (a int, b text);
create table s.t (c s.c, d s.c[]);
-- new
create type s.c as (a bigint, b text);
create table s.t (c s.c, d s.c[]);

-- case composite attribute added, stored
-- old
create type s.c as (a int);
create table s.t (c s.c);
-- new
create type s.c as (a int, b text);
create table s.t (c s.c);

-- case typed table
-- old
create type s.c as (a int, b text);
create table s.t of s.c;
-- new
create type s.c as (a bigint, c date);
create table s.t of s.c;

-- case domain type, stored
-- old
create domain s.d as int check (value > 0);
create table s.t (x s.d default 1, y s.d[]);
-- new
create domain s.d as bigint check (value > 0);
create table s.t (x s.d default 1, y s.d[]);

-- case domain type, indexed
-- old
create domain s.d as varchar(5);
create table s.t (x s.d primary key);
create view s.v as select x from s.t;
-- new
create domain s.d as text;
create table s.t (x s.d primary key);
create view s.v as select x from s.t;

-- case range changed, stored
-- old
create type s.r as range (subtype = int4);
create table s.t (x s.r);
-- new
create type s.r as range (subtype = int8);
create table s.t (x s.r);

-- case collation changed, used
-- old
create collation s.c (provider = libc, locale = 'C');
create table s.t (a text collate s.c);
create index i on s.t (a collate s.c);
-- new
create collation s.c (provider = libc, locale = 'POSIX');
create table s.t (a text collate s.c);
create index i on s.t (a collate s.c);

-- case function in default replaced
-- old
create function s.f() returns int language sql as 'select 1';
create table s.t (a int default s.f(), check (s.f() > a));
-- new
create function s.f() returns bigint language sql as 'select 1::bigint';
create table s.t (a int default s.f(), check (s.f() > a));

-- case function in index replaced
-- old
create function s.f(int) returns int language sql immutable as 'select 1';
create table s.t (a int);
create index i on s.t (s.f(a));
create index j on s.t (a) where s.f(a) > 0;
-- new
create function s.f(x int) returns bigint language sql immutable as 'select 1::bigint';
create table s.t (a int);
create index i on s.t (s.f(a));
create index j on s.t (a) where s.f(a) > 0;

-- case operator class in index replaced
-- both
create table s.t (a int);
-- old
create operator class s.c for type int using btree as operator 1 <, operator 2 <=, operator 3 =, operator 4 >=, operator 5 >, function 1 btint4cmp(int, int);
create index i on s.t (a s.c);
-- new
create operator class s.c for type int using btree as operator 1 <, operator 2 <=, operator 3 =, operator 4 >=, operator 5 >, function 1 btint4cmp(int, int), function 2 btint4sortsupport(internal);
create index i on s.t (a s.c);

-- case ts config in index
-- both
create table s.t (a text);
-- old
create text search dictionary s.d (template = simple);
create text search configuration s.c (copy = pg_catalog.simple);
alter text search configuration s.c alter mapping for word with s.d, simple;
create index i on s.t using gin (to_tsvector('s.c', a));
-- new
create text search dictionary s.d (template = snowball, language = english);
create text search configuration s.c (copy = pg_catalog.simple);
alter text search configuration s.c alter mapping for word with s.d, simple;
create index i on s.t using gin (to_tsvector('s.c', a));

-- case function of row type
-- old
create table s.t (a int);
create function s.f(s.t) returns int language sql as 'select $1.a';
-- new
create table s.t (a bigint);
create function s.f(s.t) returns int language sql as 'select $1.a::int';

-- case foreign table
-- both
create foreign data wrapper s_w;
-- new
create server s_srv foreign data wrapper s_w;
create foreign table s.ft (a int options (x '1') not null) server s_srv options (y '2');

