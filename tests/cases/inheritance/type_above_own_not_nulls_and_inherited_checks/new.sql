create table t1 (id int, a bigint not null, b int check (b > 0));
create table t3 (id int, a bigint not null, b int check (b > 0)) inherits (t1);
