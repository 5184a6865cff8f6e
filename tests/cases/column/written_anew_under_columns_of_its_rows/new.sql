create table t (a bigint, b text); create table u (i int, x t, y t[]);
create table l (a int); create domain dl as l; create table ul (x dl);
create table g (a int, c int generated always as (a + 2) stored); create table ug (x g);
create table m (a int, b bigint) partition by list (a); create table m1 partition of m for values in (1); create table um (x m1 default null, k m check ((k).b > 0)); create index on um (((k).a));
create view v as select (k).b, x from um;
