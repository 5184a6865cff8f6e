create table t (a int, b int);
create view v as select a from t;
create rule ins as on insert to v do instead insert into t values (new.a);
