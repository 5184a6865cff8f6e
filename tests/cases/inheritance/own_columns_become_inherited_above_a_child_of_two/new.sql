create table person (name text, age int);
create table worker (pay int) inherits (person);
create table student (gpa float) inherits (person);
alter table student alter name set default 'N. N.';
create table working_student (percent int) inherits (worker, student);
create table freshman () inherits (student);
comment on column working_student.name is 'of both';
comment on column freshman.name is 'of one';
