create table t (a int, b int);
create view v as select a, b from t;
create view over as select a from v;
comment on view over is 'outer';
grant select on over to public;
