create table r (a int, b int) partition by list (a);
create table p partition of r for values in (1) partition by list (b);
create table p1 partition of p for values in (1); create table p2 partition of p for values in (2);
create table k (a int, b int) partition by list (a); create table k1 partition of k for values in (1);
create index i on r (b) with (fillfactor = 80);
alter index p2_b_idx set (fillfactor = 55);
alter index p2_b_idx reset (fillfactor);
alter table k add primary key (a, b);
alter index k1_pkey set (fillfactor = 60);
