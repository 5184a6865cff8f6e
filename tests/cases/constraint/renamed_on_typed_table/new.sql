create type pair as (a int, b int);
create table t of pair (a constraint a_is_there not null, constraint c2 check (a > 0), constraint k2 primary key (a), constraint u2 unique (b));
create table r of pair (constraint f2 foreign key (b) references t);
create table child (x int) inherits (t);
create table gets (a int, b int, constraint g2 check (a > 0));
