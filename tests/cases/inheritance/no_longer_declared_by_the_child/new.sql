create table p (a int not null, e int);
create table c (b int generated always as (a * 2) stored) inherits (p);
create table g (x int) inherits (c);
create index on g (a);
create table p2 (k int, l int, constraint c check (k > l));
create table c2 () inherits (p2);
