create table t (id int primary key, v text not null) partition by range (id);
create index t_v on t (v);
create table t1 (id int primary key, v text not null);
create index t1_v_idx on t1 (v);
