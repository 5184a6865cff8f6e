create table t (a int constraint x check (a > 10), b int constraint y unique, c int constraint z references t (b));
