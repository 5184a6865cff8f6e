create table one (a int, constraint positive check (a > 0) not enforced);
create table two (a int, constraint positive check (a > 0));
