create table g (a int, b int, primary key (a, b), constraint f foreign key (a, b) references g (a, b) deferrable);
