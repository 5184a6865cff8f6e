create table one (a int);
create table two (a int);
create table child () inherits (one, two);
