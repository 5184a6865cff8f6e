create table t (id integer unique) with (fillfactor = 90);
create unlogged table u (id integer unique);
