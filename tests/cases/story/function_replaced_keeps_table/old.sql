create function rank_of(a int) returns int language sql immutable as 'select a';
create table t (id int primary key, r int generated always as (rank_of(id)) stored);
create index t_rank on t (rank_of(id));
