create type e as enum ('a');
create type c as (a int);
create domain d as int constraint ck check (value > 0);
comment on type e is 'e';
comment on type c is 'c';
comment on column c.a is 'a';
comment on domain d is 'd';
comment on constraint ck on domain d is 'ck';
