create table t (a int, b int) partition by list (a);
create table part (a int, b int);
alter table t add constraint b_there not null b;
alter table part add constraint b_there not null b;
alter table t attach partition part for values in (1);
