create table t (a int, b text);
create materialized view m as select a, b from t;
alter materialized view m set (fillfactor = 80);
