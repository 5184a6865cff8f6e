insert into x values (1);
