create table t (id int, b boolean, c bigint generated always as (id::bigint * 3) stored);
