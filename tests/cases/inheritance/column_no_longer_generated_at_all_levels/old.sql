create table a (n int, twice int generated always as (n * 2) stored);
create table b (n int, twice int generated always as (n * 2) stored);
create table child () inherits (a, b);
create table grandchild () inherits (child);
create table further (twice int generated always as (n * 3) stored) inherits (grandchild);
