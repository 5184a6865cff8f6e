create table t (a text, b int);
alter table t alter a set statistics 500;
alter table t alter b set (n_distinct_inherited = -0.5);
