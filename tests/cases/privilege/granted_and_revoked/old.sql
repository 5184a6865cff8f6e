create table t (a int, b int);
grant select, update on t to cases_reader;
grant all on t to cases_writer;
