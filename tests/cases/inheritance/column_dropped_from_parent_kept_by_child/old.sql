create table p (a int, b int);
create table c (b int) inherits (p);
