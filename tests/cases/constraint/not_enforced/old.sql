create table a (id int primary key);
create table b (id int constraint f references a, n int constraint c check (n > 0));
