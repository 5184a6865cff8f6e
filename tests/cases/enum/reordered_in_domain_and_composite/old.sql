create type mood as enum ('a', 'b');
create domain d as mood check (value <> 'b');
create type c as (m mood, n int);
create table t (d d, c c);
