create table t (a int, b int, c int not null);
create table u (a int, b int);
create table w (a int generated always as identity, b text);
alter table w alter a drop identity;
alter table w alter a drop not null;
