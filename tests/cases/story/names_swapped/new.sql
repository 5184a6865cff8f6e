create table t (a int, b int);
create index one on t (b);
create index two on t (a);
