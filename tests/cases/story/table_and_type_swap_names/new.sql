create type y as enum ('a');
create table x (a int);
