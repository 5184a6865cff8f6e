create table t (a int);
create table gone (a int);
create view v as select a from gone;
