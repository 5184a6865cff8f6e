create domain d as int default 2 not null;
create table t (d d);
