create table t (id int primary key, a int, b int check (b > 0), c int);
create index t_a on t (a);
create index t_a_id on t (a, id);
create view v as select id, c from t;
