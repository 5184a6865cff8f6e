create domain d as int constraint above check (value > 0) constraint b check (value < 10);
comment on constraint above on domain d is 'positive';
create table t (d d);
