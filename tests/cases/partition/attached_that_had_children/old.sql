create table t (a int, b text) partition by list (a);
create table part (a int, b text);
create table child (c int) inherits (part);
