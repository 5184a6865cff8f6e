alter default privileges grant select on tables to cases_reader;
create table t (a integer, b integer);
