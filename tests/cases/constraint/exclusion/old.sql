create table t (r int4range);
alter table t add constraint e exclude using gist (r with &&);
