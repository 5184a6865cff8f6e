create table p (a int, b text);
create table q (c int);
create table c (a int, b text, c int, d int) inherits (p, q);
