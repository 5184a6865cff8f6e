create table t (a int);
create aggregate total (int) (sfunc = int4pl, stype = int, initcond = '0', combinefunc = int4pl);
create view v as select total(a) from t;
comment on aggregate total(int) is 'sum';
