create domain d as integer constraint dc check (value < 1000);
create table g (a integer primary key, b d generated always as (a * 2) stored, c integer generated always as (a + 1) stored, e bigint generated always as (a) stored, f integer generated always as (a*2) virtual);
create index on g (b);
create view gv as select a, b from g;
create table p (a integer not null, b d generated always as (a * 2) stored) partition by range (a);
create table p1 partition of p for values from (0) to (10);
create table h (a integer, b integer generated always as (a * 2) stored);
create table hc (x integer) inherits (h);
create table hd () inherits (hc);
