create table t (a int primary key, b text, c int) partition by list (a);
create table one partition of t for values in (1);
create table two partition of t for values in (2);
create policy p on one using (b is not null and c > 0);
create rule r as on delete to one where old.c is null do instead nothing;
create table refers (a int references t);
