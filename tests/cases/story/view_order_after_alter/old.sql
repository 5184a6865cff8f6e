create table t (id int primary key, name varchar(10));
create view a as select id, name from t;
create view b as select a.id, a.name from a;
create function names() returns setof a language sql stable as 'select * from a';
