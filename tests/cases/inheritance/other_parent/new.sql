create table p (a int, b text, constraint positive check (a > 0));
create table q (a int, b text, constraint positive check (a > 0));
create table c (own int) inherits (q);
create table d () inherits (c);
create view v as select a, b from c;
