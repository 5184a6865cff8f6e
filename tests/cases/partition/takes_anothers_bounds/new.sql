create schema other;
create table t (a integer, b text) partition by list (a);
create table of_one_and_two partition of t for values in (1, 2);
create table other.rest partition of t default;
create table loose partition of t for values in (3);
