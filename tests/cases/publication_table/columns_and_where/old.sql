create table t (id int primary key, a int, b text);
create table u (id int primary key);
create publication p;
alter publication p add table u;
alter publication p add table t where (id > 1);
