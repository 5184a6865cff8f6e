create table t (id int generated always as identity, n serial, m serial);
create table u (id int generated always as identity, n serial);
create unlogged table w (id int generated always as identity, n serial);
