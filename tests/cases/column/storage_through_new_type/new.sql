create table t (a varchar(40) storage external compression pglz, b varchar(20) storage main);
alter table t alter a set statistics 55, alter a set (n_distinct = 7);
create table child () inherits (t);
create table parts (a varchar(40) storage main, k int) partition by list (k);
create table part partition of parts for values in (1);
alter table part alter a set storage external;
create type mood as enum ('a', 'c');
create table m (a mood[] storage main);
