create table t (id integer generated always as identity, n integer generated always as identity (sequence name numbers));
grant usage on sequence t_id_seq to cases_reader;
grant select on sequence numbers to cases_reader;
