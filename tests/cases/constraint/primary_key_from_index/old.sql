create table t (a int not null);
create unique index t_pkey on t (a);
