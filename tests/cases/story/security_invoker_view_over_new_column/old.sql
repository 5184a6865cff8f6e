create table t (a int, b text);
alter table t enable row level security;
create view v with (security_invoker = on) as select * from t;
