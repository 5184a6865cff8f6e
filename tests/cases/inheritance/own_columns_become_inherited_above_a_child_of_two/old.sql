create table person (name text, age int);
create table worker (pay int) inherits (person);
create table student (name text default 'N. N.', age int, gpa float);
create table working_student (percent int) inherits (worker, student);
create table freshman () inherits (student);
comment on column working_student.name is 'of both';
comment on column freshman.name is 'of one';
