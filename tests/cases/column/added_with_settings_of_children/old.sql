create table t (id int) partition by list (id);
create table p partition of t for values in (1) partition by list (id);
create table leaf partition of p for values in (1);
create table u (a int);
create table below () inherits (u);
