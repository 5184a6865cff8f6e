insert into part values (1, 'x');
