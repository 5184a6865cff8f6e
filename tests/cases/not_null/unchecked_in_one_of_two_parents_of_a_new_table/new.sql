create table one (a int);
create table two (a int not null);
create table child () inherits (one, two);
alter table one add constraint one_a_set not null a not valid;
