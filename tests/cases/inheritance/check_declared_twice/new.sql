create table t (a int check (a > 0));
create table below (a int, constraint first check (a > 0), constraint other check (a > 0)) inherits (t);
