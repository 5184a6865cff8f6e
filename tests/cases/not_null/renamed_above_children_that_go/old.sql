create table p (a int not null, b int) partition by list (a);
create table p1 (a int not null, b int);
alter table p attach partition p1 for values in (1);
create table i (a int not null, b int);
create table i1 () inherits (i);
create table i2 (a int constraint other not null) inherits (i1);
