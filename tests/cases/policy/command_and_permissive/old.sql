create table t (a int);
create policy p on t for select using (a > 0);
create policy q on t using (a > 0);
