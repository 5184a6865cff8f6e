create table t (a int);
create policy p on t using (a > 0);
comment on policy p on t is 'why';
