create table p (a int, b int);
create table q (a int, b int, constraint c check (a > b));
alter table p add constraint c check (a > b) not valid;
alter table q drop constraint c;
alter table q add constraint c check (a > b) not valid;
create table child () inherits (p);
create table child_of_q (x int) inherits (q);
