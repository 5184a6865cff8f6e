create type pair as (a int, b text);
create table t (p pair);
create view v as select (p).a from t;
