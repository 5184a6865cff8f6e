create table t (b text);
alter table t alter b set statistics 50;
