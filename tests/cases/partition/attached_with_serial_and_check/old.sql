create table t (id int not null, n int not null, constraint positive check (n > 0)) partition by range (id);
create table t1 (id int not null, n int not null);
