create table allowed (who text, level int);
create table t (a int, level int);
alter table t enable row level security;
create policy changed on t using (a > 0);
