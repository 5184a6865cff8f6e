create table t (a int);
create function f(a int) returns int language sql as 'select a + 1';
create view v as select f(a) from t;
comment on function f is 'it';
