create domain d as int check (value > 0);
create table t (d d default 1);
create index t_d on t (d);
create view v as select d from t;
