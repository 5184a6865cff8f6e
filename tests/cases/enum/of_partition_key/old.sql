create type k as enum ('a', 'b');
create table t (k k) partition by list (k);
create table ta partition of t for values in ('a');
