create table t (a integer, b text) partition by list (a);
create table of_one partition of t for values in (1);
create table rest partition of t default;
create table loose (a integer, b text);
