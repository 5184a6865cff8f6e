create extension vector;
create table t (id int primary key);
create index a_index on t ((id + 1));
create function a() returns int language sql as 'select 1';
create function z() returns int language sql as 'select 1';
alter function a() depends on extension vector;
alter function z() depends on extension vector;
alter index a_index depends on extension vector;
