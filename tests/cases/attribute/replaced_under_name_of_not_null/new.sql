create type pair as (b int, c int); create table t of pair (c constraint mine not null default 6, primary key (b));
