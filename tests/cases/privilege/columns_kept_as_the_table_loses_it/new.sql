create table t (a integer, b integer);
grant insert on t to cases_reader;
grant select (a), insert (b) on t to cases_reader;
grant update on t to cases_writer;
grant update (a) on t to cases_writer with grant option;
create view v as select a, b from t;
grant select (a), insert (b), update (a), select(b) on v to cases_reader;
grant update (a) on v to cases_writer with grant option;
