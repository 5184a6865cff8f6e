create table t (a int);
create view v as select a from t;
alter view v alter a set default 3;
