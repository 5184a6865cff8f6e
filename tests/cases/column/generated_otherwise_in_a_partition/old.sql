create table divided (a integer, b integer) partition by list (a);
create table one partition of divided for values in (1);
create table two partition of divided for values in (2) partition by list (a);
create table three partition of two default;
create table parent (a integer, b integer);
create table child () inherits (parent);
