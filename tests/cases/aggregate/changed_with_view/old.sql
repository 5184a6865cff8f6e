create table t (a int);
create aggregate total (int) (sfunc = int4pl, stype = int);
create view v as select total(a) from t;
comment on aggregate total(int) is 'sum';
