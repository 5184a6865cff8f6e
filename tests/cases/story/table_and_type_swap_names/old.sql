create type x as enum ('a');
create table y (a int);
