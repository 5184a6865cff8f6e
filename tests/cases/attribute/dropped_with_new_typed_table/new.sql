create type pair as (a bigint, d text, c int);
create table t of pair (a not null);
create table below () inherits (t);
