create table t (a bigint, b text); create table u (i int, x t[]);
create table a (aa int);
create table c (aa int, cc text) inherits (a);
create domain d as c; create table v (i int, x d);
