create table a (id int, x int, unique (id, x));
create table b (id int, x int, constraint f foreign key (id, x) references a (id, x) on delete set null (x));
