create table en (a integer, constraint positive check (a > 0));
create table en_child (b integer) inherits (en);
