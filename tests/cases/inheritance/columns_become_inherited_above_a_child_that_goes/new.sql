create table person (name text, age integer);
create table student () inherits (person);
