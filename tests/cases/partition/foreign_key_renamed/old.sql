create table r (a int primary key);
create table p (a int, constraint f foreign key (a) references r, constraint k primary key (a)) partition by range (a);
create table p1 partition of p for values from (0) to (10) partition by range (a);
create table p11 partition of p1 for values from (0) to (5);
