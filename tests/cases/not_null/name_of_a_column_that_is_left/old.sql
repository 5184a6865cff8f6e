create table t (was int constraint named not null, g int generated always as (was + 1) stored, primary key (was));
create table v (was int constraint named not null, other int);
create view vv as select other, was as n from v;
