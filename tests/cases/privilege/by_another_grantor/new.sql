create table t (a int);
grant select on t to cases_writer with grant option;
set role cases_writer;
grant select on t to cases_reader;
reset role;
