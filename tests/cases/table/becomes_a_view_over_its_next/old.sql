create table t (id int primary key, amt numeric);
create table u (id int primary key, t int);
create policy p on u using (exists (select from t where t.id = u.t));
create function f() returns numeric begin atomic select sum(amt) from t; end;
create view w as select f() as f;
create view v as select amt from t;
create view x as select amt from t;
create function g() returns numeric begin atomic select sum(amt) from v; end;
