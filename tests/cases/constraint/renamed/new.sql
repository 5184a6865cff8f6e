create table t (a int constraint x2 check (a > 10), b int constraint y2 unique, c int constraint z2 references t (b));
