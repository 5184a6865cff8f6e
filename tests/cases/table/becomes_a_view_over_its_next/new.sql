create table d (id int constraint t_pkey primary key, amt numeric);
create view t as select * from d;
create table u (id int primary key, t int);
create policy p on u using (exists (select from t where t.id = u.t));
create function f() returns numeric begin atomic select sum(amt) from t; end;
create view w as select f() as f;
create view v as select amt from d;
create table x (amt numeric);
create function g() returns numeric begin atomic select sum(amt) from d; end;
