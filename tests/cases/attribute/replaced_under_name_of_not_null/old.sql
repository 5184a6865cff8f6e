create type pair as (a int, b int); create table t of pair (a constraint mine not null default 5, primary key (b));
