create table p (a int constraint named not null, b int) partition by list (a);
create table i (a int constraint named not null, b int);
create table i1 () inherits (i);
