create domain d as integer;
create type c as (a d);
create table t (id integer primary key, l d[], v c);
