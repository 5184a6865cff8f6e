create table a (id int primary key, x int, unique (id, x));
create table b (id int, x int, constraint f foreign key (id, x) references a (id, x));
