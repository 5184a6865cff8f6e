create table one (x int, y int);
create table two (x int, z int);
create table three (z int, q int);
create view v as select one.x, y, two.z, q from (one join two using (x)) join three using (z);
alter table one add z int;
