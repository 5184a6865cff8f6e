create table t (id int primary key);
create function z() returns int language sql as 'select 1';
