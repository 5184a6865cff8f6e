create table t (a int, constraint size check (a > 10));
