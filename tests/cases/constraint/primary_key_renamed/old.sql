CREATE TABLE bins (id integer CONSTRAINT bins_pkey1 PRIMARY KEY);
