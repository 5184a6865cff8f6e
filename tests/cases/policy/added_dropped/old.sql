create table t (a int);
alter table t enable row level security;
create policy gone on t using (a > 0);
