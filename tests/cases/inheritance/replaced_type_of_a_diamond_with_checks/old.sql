create type m as enum ('a', 'b');
create table x1 (a m default 'a', b int check (b > 0), check (a <> 'a' or b > 1)); create table x2 (a m default 'a', b int);
create table x3 (a m default 'a' not null, c int) inherits (x1, x2);
create table x4 () inherits (x3);
alter table x1 alter a set not null;
