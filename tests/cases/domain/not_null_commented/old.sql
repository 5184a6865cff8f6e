create domain a as int not null;
create domain b as int constraint given not null; comment on constraint given on domain b is 'old';
create domain c as int not null; comment on constraint c_not_null on domain c is 'stays';
create domain d as int not null; comment on constraint d_not_null on domain d is 'goes';
create domain e as int;
