create table t (a int);
create table fresh (a int);
create view v as select a from fresh;
