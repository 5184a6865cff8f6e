create table t (a bigint, b int);
create view v with (security_invoker = true) as select a, b from t;
