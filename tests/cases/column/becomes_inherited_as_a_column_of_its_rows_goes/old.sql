create table t (a int, b text); create table u (i int);
create table a (aa int);
create table c (cc text) inherits (a);
create table v (i int);
