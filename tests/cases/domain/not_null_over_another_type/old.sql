create domain code as varchar(5) not null;
create type hue as enum ('a', 'b');
create table t (id integer, c code, h hue, g hue[]);
