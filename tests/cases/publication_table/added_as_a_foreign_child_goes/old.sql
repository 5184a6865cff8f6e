create table t (a int); create foreign data wrapper w; create server s foreign data wrapper w; create foreign table f () inherits (t) server s; create publication p;
