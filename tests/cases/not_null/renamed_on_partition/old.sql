create table t (id integer generated always as identity, b integer not null, primary key (id)) partition by range (id);
create table t_1 (id integer constraint another_name not null, b integer constraint third_name not null);
alter table t attach partition t_1 for values from (1) to (10);
