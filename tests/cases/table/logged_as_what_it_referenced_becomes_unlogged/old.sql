create unlogged table t (id integer unique) with (fillfactor = 70);
create table u (id integer unique);
alter table t add constraint ref foreign key (id) references u (id);
alter table u add constraint ref foreign key (id) references u (id);
