create table t (a int);
alter table t add constraint a_there not null a;
