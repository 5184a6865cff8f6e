create table t (a int);
alter table t enable row level security;
create policy p on t as restrictive for insert with check (a > 1);
