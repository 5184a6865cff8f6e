insert into low values (1, '3');
