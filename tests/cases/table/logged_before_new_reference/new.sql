create table t (id int not null, unique nulls not distinct (id));
create table added (id int references t (id));
