create table t (becomes int constraint named not null, g int generated always as (becomes + 1) stored, primary key (becomes));
create table v (becomes int constraint named not null, other int);
create view vv as select other, becomes as n from v;
