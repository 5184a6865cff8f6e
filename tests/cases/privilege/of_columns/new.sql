create table t (a int, b int);
grant select (b), update (b) on t to cases_reader;
