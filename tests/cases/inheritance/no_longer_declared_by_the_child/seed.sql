insert into c (a, e) values (1, 2);
insert into g (a, e, x) values (3, 4, 5);
insert into c2 values (2, 1);
