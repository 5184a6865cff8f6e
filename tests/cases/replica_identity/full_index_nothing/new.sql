create table a (id int primary key);
create table b (id int not null);
create unique index b_id on b (id);
create table c (id int);
alter table a replica identity nothing;
alter table b replica identity using index b_id;
alter table c replica identity full;
