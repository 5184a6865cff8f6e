create table t (a int, b int) partition by list (a);
create table part (a int, b int);
alter table part add constraint own_name not null b;
alter table t attach partition part for values in (1);
