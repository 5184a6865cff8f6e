create table t (a int constraint needed not null);
