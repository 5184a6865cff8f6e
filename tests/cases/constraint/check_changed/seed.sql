insert into t values (50);
