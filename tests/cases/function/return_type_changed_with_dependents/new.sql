create table t (a int);
create function f(a int) returns bigint language sql immutable as 'select a::bigint';
create view v as select f(a) as x from t;
create index t_f on t (f(a));
create table u (a int check (f(a) > 0), b int generated always as (f(a)) stored, c int default f(1));
grant execute on function f to public;
