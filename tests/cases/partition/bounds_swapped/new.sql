create table t (k text, n int) partition by list (k);
create table a partition of t for values in ('a', 'c');
create table b partition of t for values in ('b');
