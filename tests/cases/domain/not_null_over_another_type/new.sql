create type hue as enum ('a');
create domain shade as hue;
create domain code as bigint not null;
create table t (id integer, c code, h shade, g shade);
