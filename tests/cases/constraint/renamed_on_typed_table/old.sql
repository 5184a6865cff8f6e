create type pair as (a int, b int);
create table t of pair (a not null, constraint c check (a > 0), constraint k primary key (a), constraint u unique (b));
create table r of pair (constraint f foreign key (b) references t);
create table child (x int) inherits (t);
create table gets of pair (constraint g check (a > 0));
