create table t (was int constraint n not null generated always as identity, x int);
create view v as select x, was as id from t;
create table p (was serial constraint n not null, x int);
create table c () inherits (p);
create view w as select x, was as id from p;
