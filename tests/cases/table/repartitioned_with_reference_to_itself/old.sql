create unlogged table self (id int not null, primary key (id));
