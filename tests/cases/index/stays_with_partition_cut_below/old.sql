create table p (a int) partition by range (a);
create table p3 partition of p for values from (0) to (20) partition by range (a);
create table p31 partition of p3 for values from (0) to (10);
create index p_a_idx on p (a);
