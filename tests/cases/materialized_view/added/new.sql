create table t (a int, b int);
create materialized view m with (fillfactor = 70) as select a, sum(b) as s from t group by a with no data;
create unique index m_a on m (a);
