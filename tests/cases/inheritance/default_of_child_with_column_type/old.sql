create table p (a int, b bigint);
create table c (x int) inherits (p);
create index on c (b) where b > 0;
