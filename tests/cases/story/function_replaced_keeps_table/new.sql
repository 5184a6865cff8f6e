create function rank_of(n int) returns int language sql immutable as 'select n';
create table t (id int primary key, r int generated always as (rank_of(id)) stored);
create index t_rank on t (rank_of(id));
