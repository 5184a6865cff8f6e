create table t (a int, b int, primary key (a, b)) partition by list (a);
create table t1 partition of t for values in (1) partition by range (b);
create table t1_low partition of t1 for values from (minvalue) to (0);
create table t1_high partition of t1 for values from (0) to (maxvalue);
