create table t (id int primary key, amt numeric);
create table u (id int primary key, t int);
alter table u enable row level security;
create policy p on u using (exists (select from t where t.id = u.t));
create function f() returns numeric begin atomic select sum(amt) from t; end;
create procedure pr() begin atomic delete from t; end;
create rule r as on insert to u do also insert into t values (new.id);
create trigger tr after insert on u for each row when (new.id > 0) execute function suppress_redundant_updates_trigger();
create view w as select f() as f;
