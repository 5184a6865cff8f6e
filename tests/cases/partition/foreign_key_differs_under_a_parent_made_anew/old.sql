create table t2 (id integer not null) partition by range (id);
create table p1 partition of t2 for values from (0) to (10);
create table t3 (id integer not null, unique (id));
alter table t2 add constraint ref foreign key (id) references t3 (id);
create table u2 (id integer not null) partition by range (id);
create table u1 partition of u2 for values from (0) to (10);
alter table u2 add constraint uref foreign key (id) references t3 (id) not valid;
