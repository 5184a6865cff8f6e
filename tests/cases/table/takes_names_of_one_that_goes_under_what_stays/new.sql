create table r (id int constraint t_pkey primary key, amt numeric);
create table u (id int primary key, t int);
alter table u enable row level security;
create policy p on u using (exists (select from r where r.id = u.t));
create function f() returns numeric begin atomic select sum(amt) from r; end;
create procedure pr() begin atomic delete from r; end;
create rule r as on insert to u do also insert into r values (new.id);
create trigger tr after insert on u for each row when (new.id > 0) execute function suppress_redundant_updates_trigger();
create view w as select f() as f;
