create table t (a int, b text) partition by list (a);
create table part partition of t for values in (1);
