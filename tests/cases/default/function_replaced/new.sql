create function f(b int) returns int language sql as 'select 2';
create table t (a int default f(1));
