create table t1 (id int, d varchar(20) not null);
create table t3 (id int, d varchar(20) not null) inherits (t1);
