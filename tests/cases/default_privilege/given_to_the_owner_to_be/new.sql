alter default privileges grant all on tables to cases_owner with grant option;
alter default privileges grant execute on functions to cases_owner;
create table t (a integer);
create function f() returns int language sql as 'select 1';
alter table t owner to cases_owner;
alter function f() owner to cases_owner;
revoke all on table t from cases_owner;
grant all on table t to cases_owner;
