create table person (name text, age integer);
create table student (name text, age integer) inherits (person);
create table going (more integer) inherits (student);
