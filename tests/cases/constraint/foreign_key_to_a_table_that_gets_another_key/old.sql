create table t1 (id integer not null) partition by list (id);
create table t2 (id integer not null);
create table t3 (id integer not null, primary key (id));
alter table t2 add constraint ref foreign key (id) references t3 (id);
create view v as select id from t2 where id > 0;
