create table a (id int primary key);
create table b (id int constraint f references a, u int constraint u unique);
