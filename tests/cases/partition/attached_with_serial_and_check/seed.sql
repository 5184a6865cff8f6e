insert into t1 values (1, 1);
