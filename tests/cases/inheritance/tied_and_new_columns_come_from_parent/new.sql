create table p (a int, b int not null default 7, constraint c check (a < b));
create table c (x int) inherits (p);
