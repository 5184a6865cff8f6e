create table t (id int not null, unique (id));
alter table t add constraint ref foreign key (id) references t (id) deferrable initially deferred;
create table u (id int references t (id));
