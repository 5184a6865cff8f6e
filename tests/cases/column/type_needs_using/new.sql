create table t (id int, flag boolean default true, n integer, d date);
