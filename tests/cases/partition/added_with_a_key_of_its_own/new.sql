create table t (a int constraint a_there not null, b int) partition by list (a);
create table one partition of t for values in (1);
alter table one add primary key (a);
create table parent (id int constraint id_there not null);
create table child (constraint child_key primary key (id)) inherits (parent);
alter table child add constraint extra check (id > 0);
