set check_function_bodies = off;
create function f() returns bigint language sql as 'select count(*) from t';
create table t (a int default 1);
