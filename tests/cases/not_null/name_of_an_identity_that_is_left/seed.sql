insert into t (x) values (1), (2); insert into p (x) values (1); insert into c (x) values (2);
