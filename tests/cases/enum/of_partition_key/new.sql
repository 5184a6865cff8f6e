create type k as enum ('a', 'b', 'c');
create table t (k k) partition by list (k);
create table ta partition of t for values in ('a');
create table tc partition of t for values in ('c');
