create table t1 (id int, q date);
create table t3 (id int, q date, d boolean default false) inherits (t1);
