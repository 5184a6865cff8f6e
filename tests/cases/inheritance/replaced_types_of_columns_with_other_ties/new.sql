create type pair as (x bigint, y text);
create table t1 (id int, a pair not null); create table t3 (id int, a pair not null) inherits (t1);
create type m as enum ('a');
create table x1 (a m); create table x2 (a m); create table x3 () inherits (x1, x2);
