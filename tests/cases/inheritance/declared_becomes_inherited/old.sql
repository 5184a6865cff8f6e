create table p (a int constraint a_there not null constraint positive check (a > 0), d date default '2020-01-01');
create table c (a int not null constraint own check (a > 0), b text, d date);
create index on c (a);
create view v as select a, b from c;
comment on column c.a is 'stays';
grant select (a) on c to cases_reader;
