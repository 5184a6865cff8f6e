create table t (a int);
create policy p on t to cases_reader, cases_writer using (a > 1) with check (a > 6);
