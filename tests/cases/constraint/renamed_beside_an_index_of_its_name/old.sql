create table t (id int primary key); create table c (id int);
create index x on c (id); comment on index x is 'i';
alter table c add constraint x foreign key (id) references t; comment on constraint x on c is 'c';
