create table t (a int, b int, constraint b_small check (b < 10));
