create table t (a int, b int);
alter table t owner to cases_owner;
grant all on t to cases_reader with grant option;
set role cases_reader;
grant select on t to cases_writer;
grant update (b) on t to cases_writer;
reset role;
