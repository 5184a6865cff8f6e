create foreign data wrapper w;
create server s1 foreign data wrapper w;
create server s2 foreign data wrapper w;
create foreign table ft (a int) server s2;
create view v as select a from ft;
