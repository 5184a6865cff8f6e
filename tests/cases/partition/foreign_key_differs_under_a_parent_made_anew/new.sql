create table t2 (id integer not null) partition by list (id);
create table p1 partition of t2 for values in (1);
create table t3 (id integer not null, unique (id));
alter table t2 add constraint ref foreign key (id) references t3 (id) deferrable initially deferred;
create table u2 (id integer not null) partition by list (id);
create table u1 partition of u2 for values in (1);
alter table u2 add constraint uref foreign key (id) references t3 (id);
