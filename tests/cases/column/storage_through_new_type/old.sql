create table t (a text storage external compression pglz, b varchar(10) storage main);
alter table t alter a set statistics 55, alter a set (n_distinct = 7);
create table child () inherits (t);
create table parts (a text storage main, k int) partition by list (k);
create table part partition of parts for values in (1);
alter table part alter a set storage external;
create type mood as enum ('a', 'b', 'c');
create table m (a mood[] storage main);
