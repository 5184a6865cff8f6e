create table t (a int, b int, constraint a_big check (a > 10));
