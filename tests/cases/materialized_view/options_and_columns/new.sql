create table t (a int, b text);
create materialized view m as select a, b from t;
alter materialized view m alter b set statistics 400;
alter materialized view m alter b set storage external;
