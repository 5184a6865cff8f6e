create table t (a bigint);
create view v as select a from t;
alter view v owner to cases_owner;
grant select on t to cases_owner;
