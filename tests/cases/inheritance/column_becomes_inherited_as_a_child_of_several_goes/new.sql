create table person (name text, age int);
create table student (gpa float) inherits (person);
