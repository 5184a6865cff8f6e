create table t (a text, b int);
alter table t alter a set statistics 100;
alter table t alter b set (n_distinct = 5);
