create table p (a int) partition by range (a);
create table p3 partition of p for values from (0) to (20) partition by range (a);
create table p31 (a int);
create index p31_a_idx on p31 (a);
create index p_a_idx on p (a) include (a);
