insert into p values (1, 2);
insert into child values (2, 1);
insert into child_of_q values (2, 1, 3);
