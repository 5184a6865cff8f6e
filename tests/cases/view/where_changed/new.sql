create table t (a int, b int);
create view v as select a, b from t where a > 2;
grant select (a) on v to public;
