create table t1 (id integer not null);
create table t3 (id integer not null, unique nulls not distinct (id));
alter table t1 add constraint ref foreign key (id) references t3 (id);
create view v as select id from t1 where id > 0;
