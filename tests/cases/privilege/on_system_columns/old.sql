create table t (a int);
grant select (xmin) on t to cases_reader;
create view v as select 1 as a;
