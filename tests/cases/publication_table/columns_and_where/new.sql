create table t (id int primary key, a int, b text);
create table u (id int primary key);
create publication p;
alter publication p add table t (id, b) where (id > 2);
