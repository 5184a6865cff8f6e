create table a (id int primary key);
create table b (id int not null);
create unique index b_id on b (id);
create table c (id int);
alter table a replica identity full;
