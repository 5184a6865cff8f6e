create table t (a int);
create policy p on t for delete using (a > 0);
create policy q on t as restrictive using (a > 0);
