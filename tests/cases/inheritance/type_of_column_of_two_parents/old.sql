create table a (n int);
create table b (n int, m int);
create table child () inherits (a, b);
create table grandchild () inherits (child);
