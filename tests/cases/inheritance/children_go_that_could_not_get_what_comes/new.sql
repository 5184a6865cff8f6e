create table t1 (id int, a int);
create table i (a int, b int generated always as identity);
create table c (a int, constraint k check (a > 1));
create table n (a int constraint theirs not null);
create table pa (a int, b int, c int generated always as identity) partition by list (a);
