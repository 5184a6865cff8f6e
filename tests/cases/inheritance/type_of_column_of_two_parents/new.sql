create table a (n bigint);
create table b (n bigint, m bigint);
create table child () inherits (a, b);
create table grandchild () inherits (child);
