create table t (id int not null constraint t_pkey primary key, foo int not null);
create unique index some_idx on t (foo);
