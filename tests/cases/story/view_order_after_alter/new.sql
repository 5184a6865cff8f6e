create table t (id int primary key, name text, extra int);
create view a as select id, name, extra from t;
create view b as select a.id, a.name, a.extra from a;
create function names() returns setof a language sql stable as 'select * from a';
