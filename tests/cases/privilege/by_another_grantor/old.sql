create table t (a int);
grant select on t to cases_writer with grant option;
