create table q2 (x int, b int generated always as (x * 3) stored);
create table c2 (b int generated always as (x - 1) stored) inherits (q2);
create table c3 () inherits (c2);
create table pt (x int, b int generated always as (x * 3) stored) partition by list (x);
create table pt1 (x int, b int generated always as (x * 7) stored); alter table pt attach partition pt1 for values in (1);
create table v (x int, b int generated always as (x * 3));
create table v2 (b int generated always as (x - 1)) inherits (v);
create table d (x int, b int default 5); create table d1 (b int default 4) inherits (d);
create table e (x int, b bigint generated always as (x * 2) stored); create table e1 (b bigint generated always as (x * 5) stored) inherits (e);
