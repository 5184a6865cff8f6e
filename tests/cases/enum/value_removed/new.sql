create type mood as enum ('sad', 'happy');
create table t (id int primary key, m mood default 'sad', ms mood[] default '{sad}');
create index t_m on t (m);
create view v as select m from t;
create function f(m mood) returns mood language sql as 'select m';
