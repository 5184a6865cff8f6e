create table t (id int not null, primary key (id));
alter table t add constraint ref foreign key (id) references t (id);
create table u (id int references t (id));
