create type pair as (a bigint, b text);
create table t (p pair);
