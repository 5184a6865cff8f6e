create table t (id int, b int generated always as (id * 2) stored, c int generated always as (id * 3) stored);
