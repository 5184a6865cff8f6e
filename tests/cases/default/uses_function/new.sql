create function f() returns int language sql immutable as 'select 1';
create table t (a int default f(), b int default 1);
