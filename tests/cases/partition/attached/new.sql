create table t (id int primary key, v text not null) partition by range (id);
create index t_v on t (v);
create table t1 partition of t for values from (0) to (100);
