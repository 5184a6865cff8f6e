insert into t values (row(1, 'x'));
