create type pair as (a bigint, c text);
create table t of pair;
