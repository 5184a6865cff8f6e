create table p (a int check (a > 0), shared int default 1);
create table q (b int, shared int default 1);
create table c (d int, a int default 7) inherits (p, q);
