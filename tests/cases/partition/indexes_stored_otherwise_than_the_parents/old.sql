create table r (a int, b int) partition by list (a);
create table p partition of r for values in (1) partition by list (b);
create table p1 partition of p for values in (1); create table p2 partition of p for values in (2);
create table k (a int, b int) partition by list (a); create table k1 partition of k for values in (1);
