create table b (id int not null, k int not null);
create unique index b_id on b (id);
alter table b replica identity using index b_id;
