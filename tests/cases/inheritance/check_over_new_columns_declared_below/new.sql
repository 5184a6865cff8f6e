create table p (id integer, d integer, g integer generated always as (id * 2) stored, constraint ordered check (g > d));
create table c (id integer, d integer, g integer generated always as (id * 2) stored) inherits (p);
