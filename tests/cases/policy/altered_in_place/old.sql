create table t (a int);
create policy p on t to cases_reader using (a > 0) with check (a > 5);
