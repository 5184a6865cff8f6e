create table d (a int, c int) partition by list (a);
create table p (a int, c int, constraint k check (c is not null)) partition by list (a);
create table p1 (a int, c int, constraint k check (c is not null));
alter table p attach partition p1 for values in (1);
alter table d attach partition p default;
alter table d add constraint k check (c is not null) not valid;
create table n (a int, c int) partition by list (a);
alter table n add constraint k check (c is not null) not valid;
create table n1 partition of n for values in (1);
