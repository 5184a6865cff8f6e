create function note() returns trigger language plpgsql as 'begin return new; end';
create table t (id int primary key, n int, m int generated always as (n + 1) stored, check (n > 0));
create index t_n on t (n) where n > 5;
create trigger on_n after update of n on t for each row execute function note();
create policy p on t using (n > 1);
create rule r as on update to t where old.n > 3 do also nothing;
