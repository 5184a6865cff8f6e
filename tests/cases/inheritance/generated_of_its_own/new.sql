create table p (a int, b int generated always as (a * 2) stored);
create table q (x int, b int generated always as (x * 22) stored);
create table c (x int, b int generated always as (x + 1) stored) inherits (p);
create table q2 (x int, b int generated always as (x * 3) stored);
create table c2 (b int generated always as (x - 2) stored) inherits (q2);
