create table p (id integer);
create table c (id integer);
