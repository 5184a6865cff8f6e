create table t (id int primary key, name varchar(10), amount numeric(8, 2));
