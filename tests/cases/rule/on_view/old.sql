create table t (a int, b int);
create view v as select a, b from t;
create rule ins as on insert to v do instead insert into t values (new.a, new.b);
