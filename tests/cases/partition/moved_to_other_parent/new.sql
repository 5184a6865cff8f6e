create table p (a int) partition by list (a);
create table q (a int) partition by list (a);
create table x partition of q for values in (1);
