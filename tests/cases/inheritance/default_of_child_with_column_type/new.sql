create table p (a int, b timestamptz);
create table c (x int) inherits (p);
alter table c alter b set default current_timestamp;
create index on c (b) where b > '2020-01-01 00:00+00';
