CREATE TABLE bins (id integer CONSTRAINT bins_pkey PRIMARY KEY);
