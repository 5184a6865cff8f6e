create domain d as integer constraint dc check (value < 1000);
create table g (a integer primary key, b text generated always as (a * 2) stored, c text generated always as (a::text) stored, e integer generated always as (a) stored, f text generated always as (a*2) virtual);
create index on g (b);
create view gv as select a, b from g;
create table p (a integer not null, b text generated always as (a * 2) stored) partition by range (a);
create table p1 partition of p for values from (0) to (10);
create table h (a integer, b text generated always as (a * 2) stored);
create table hc (x integer) inherits (h);
create table hd () inherits (hc);
