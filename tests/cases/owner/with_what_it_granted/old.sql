create table t (a integer, b integer);
grant select (a, b) on t to cases_owner with grant option;
set role cases_owner;
grant select (a, b) on t to cases_reader;
reset role;
create view v as select 1 as a;
alter view v owner to cases_owner;
create table s (b serial);
