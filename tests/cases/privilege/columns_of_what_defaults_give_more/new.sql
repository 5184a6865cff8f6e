create view v as select 1 as a, 2 as b;
grant select (a), update (b) on v to cases_reader with grant option;
revoke all on v from current_user;
create table t2 (a integer, b integer);
grant select (a), update (b) on t2 to cases_reader;
create table t (a integer, b integer);
grant select (a) on t to cases_reader;
alter default privileges grant select on tables to cases_reader;
