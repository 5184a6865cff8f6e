create table t (a int);
grant select (tableoid), update (a) on t to cases_reader;
grant select (ctid) on t to cases_writer with grant option;
create view v as select 1 as a;
create table added (a int);
grant select (tableoid) on added to cases_reader;
