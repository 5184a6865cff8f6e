create table self (id int not null, unique (id)) partition by list (id);
alter table self add foreign key (id) references self (id);
