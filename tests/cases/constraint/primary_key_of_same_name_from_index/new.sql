create table t (id int, foo int not null constraint t_pkey primary key);
