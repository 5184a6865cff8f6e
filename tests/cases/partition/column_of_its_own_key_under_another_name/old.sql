create table r (a int, c text) partition by range (a);
create table p partition of r for values from (0) to (10) partition by list (c);
create table p1 partition of p for values in ('x');
create table n partition of r for values from (10) to (20);
