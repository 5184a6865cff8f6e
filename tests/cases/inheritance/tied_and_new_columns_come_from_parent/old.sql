create table p (a int, b int not null default 7);
create table c (x int);
