create table t (id integer generated always as identity, b integer not null, primary key (id)) partition by range (id);
create table t_1 partition of t for values from (1) to (10);
