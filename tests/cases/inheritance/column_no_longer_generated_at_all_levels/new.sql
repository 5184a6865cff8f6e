create table a (n int, twice int);
create table b (n int, twice int);
create table child () inherits (a, b);
create table grandchild () inherits (child);
create table further (twice int) inherits (grandchild);
