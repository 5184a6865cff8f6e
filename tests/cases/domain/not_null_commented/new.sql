create domain a as int not null; comment on constraint a_not_null on domain a is 'it''s new';
create domain b as int constraint given not null;
create domain c as bigint not null; comment on constraint c_not_null on domain c is 'stays';
create domain d as int;
create domain e as int not null; comment on constraint e_not_null on domain e is 'x';
create domain f as int not null; comment on constraint f_not_null on domain f is 'y';
