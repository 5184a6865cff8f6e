create type pair as (a int, b text, c date);
create table t (p pair);
create view v as select (p).a from t;
