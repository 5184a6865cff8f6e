create table t (id int primary key); create table c (id int);
alter table c add constraint y foreign key (id) references t; comment on constraint y on c is 'c';
