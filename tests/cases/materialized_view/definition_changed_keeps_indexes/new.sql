create table t (a int, b int);
create materialized view m as select a from t where b > 0;
create unique index m_a on m (a);
comment on materialized view m is 'cached';
comment on index m_a is 'key';
