create table t (a int not null unique, b int not null, primary key (a, b));
create table r (a int references t (a));
