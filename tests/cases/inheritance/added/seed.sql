insert into c values (1, 'x', 2, 3);
