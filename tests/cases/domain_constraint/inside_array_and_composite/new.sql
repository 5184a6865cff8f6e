create domain d as integer check (value > 0);
create type c as (a d);
create table t (id integer primary key, l d[], v c);
