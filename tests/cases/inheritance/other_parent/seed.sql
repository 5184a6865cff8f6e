insert into c (a, b, own) values (1, 'x', 2);
