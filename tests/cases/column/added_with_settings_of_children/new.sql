create table t (id int, b text storage external compression pglz, c int) partition by list (id);
create table p partition of t for values in (1) partition by list (id);
create table leaf partition of p for values in (1);
alter table t alter c set statistics 50;
alter table only p alter b set storage main;
alter table leaf alter c set (n_distinct = 5);
create table u (a int, b text storage main);
create table below () inherits (u);
alter table below alter b set statistics 7, alter b set storage plain;
