create table t (id integer generated always as identity, n integer generated always as identity (sequence name numbers));
comment on sequence t_id_seq is 'counts';
