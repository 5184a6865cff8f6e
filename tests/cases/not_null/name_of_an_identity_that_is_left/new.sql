create table t (becomes int constraint n not null generated always as identity, x int);
create view v as select x, becomes as id from t;
create table p (becomes serial constraint n not null, x int);
create table c () inherits (p);
create view w as select x, becomes as id from p;
