create table t (a int);
create index u on t (a);
