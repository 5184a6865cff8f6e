create table en (a integer);
alter table en add constraint positive check (a > 0) not valid;
create table en_child (b integer, constraint positive check (a > 0)) inherits (en);
