create table t (id int not null, n int not null, constraint positive check (n > 0)) partition by range (id);
create table t1 partition of t for values from (0) to (10);
alter table t1 alter n set default 4;
