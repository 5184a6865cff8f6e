create table t (a int primary key, b varchar(10)) partition by list (a);
create table two partition of t for values in (2);
create table refers (a int references t);
