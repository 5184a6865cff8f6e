create table t (id int, b varchar(20) default 'x', a int, c int) partition by range (id);
create table p1 partition of t for values from (0) to (10);
create table p2 partition of t for values from (10) to (20);
alter table p2 add check (a > 0);
create table p3 partition of t for values from (20) to (30);
create index on p3 ((c + 1));
create table u (a int, b varchar(20) default 'x');
create table below () inherits (u);
