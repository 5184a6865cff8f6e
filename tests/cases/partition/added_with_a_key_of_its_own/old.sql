create table t (a int constraint a_there not null, b int) partition by list (a);
