create type mood as enum ('sad', 'ok');
create table t1 (id int, a mood not null, b int check (b > 0));
create table t3 (id int, a mood not null, b int check (b > 0)) inherits (t1);
