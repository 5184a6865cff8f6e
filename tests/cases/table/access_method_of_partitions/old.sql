create access method heap2 type table handler heap_tableam_handler;
create table a (x int) partition by list (x) using heap;
create table b (x int) partition by list (x);
create table c (x int) partition by list (x) using heap2;
create table c1 partition of c for values in (1);
