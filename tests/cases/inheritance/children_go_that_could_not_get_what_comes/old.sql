create table t1 (id int); create table t3 (a varchar(20), b text) inherits (t1); create table t4 () inherits (t3);
create table i (a int); create table i1 () inherits (i);
create table c (a int); create table c1 (check (a > 0), constraint k check (a > 0)) inherits (c);
create table n (a int); create table n1 (constraint mine not null a) inherits (n);
create table pa (a int, b int) partition by list (a); create table pa1 partition of pa for values in (1); 
