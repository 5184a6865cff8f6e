create table t (a int);
create view v with (security_invoker = true, check_option = local) as select a from t;
