create table t (a int); create foreign data wrapper w; create server s foreign data wrapper w; create publication p for table t;
