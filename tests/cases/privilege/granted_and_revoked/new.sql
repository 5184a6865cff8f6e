create table t (a int, b int);
grant select, insert on t to cases_reader;
grant select on t to cases_writer with grant option;
