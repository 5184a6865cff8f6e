create table t (a int default 5, b int default 2, c text);
