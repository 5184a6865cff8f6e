create type e as enum ('a');
create type c as (a int);
create domain d as int constraint ck check (value > 0);
