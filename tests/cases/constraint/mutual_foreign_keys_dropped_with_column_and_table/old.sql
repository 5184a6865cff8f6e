create table a (id int primary key, x int unique, y int);
create table b (id int primary key, x int unique references a (x));
alter table a add foreign key (x) references b (x);
