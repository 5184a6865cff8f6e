create unlogged table t (id int generated always as identity (sequence name t_ids), n serial, m serial);
alter sequence t_ids set logged;
alter sequence t_n_seq set logged;
create unlogged table u (id int generated always as identity, n serial);
create unlogged table w (id int generated always as identity, n serial);
alter sequence w_id_seq set logged;
alter sequence w_n_seq set logged;
