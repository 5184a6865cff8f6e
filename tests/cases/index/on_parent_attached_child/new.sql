create table t (a int, b int) partition by list (a);
create table t1 partition of t for values in (1);
create index t1_b on t1 (b);
create index t_b on only t (b);
alter index t_b attach partition t1_b;
