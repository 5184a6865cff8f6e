create table t (id int primary key, n int);
create view v1 as select id, n from t;
create view v2 as select sum(n) as total from v1;
create materialized view m as select n, count(*) as c from t group by n;
create unique index m_n on m (n);
comment on view v1 is 'first';
comment on column v1.n is 'the n';
grant select on v2 to public;
