create table person (name text, age int);
create table emp (salary int) inherits (person);
create table student (name text, age int, gpa float);
create table stud_emp (percent int) inherits (emp, student);
