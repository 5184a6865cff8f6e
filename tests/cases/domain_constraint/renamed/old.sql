create domain d as int constraint a check (value > 0) constraint b check (value < 9);
comment on constraint a on domain d is 'positive';
create table t (d d);
