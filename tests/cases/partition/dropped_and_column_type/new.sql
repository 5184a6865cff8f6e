create table t (a int, b varchar(20)) partition by list (a);
create table two partition of t for values in (2);
