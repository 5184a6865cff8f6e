create type num;
create function num_in(cstring) returns num language internal immutable strict as 'int4in';
create function num_out(num) returns cstring language internal immutable strict as 'int4out';
create type num (input = num_in, output = num_out, internallength = 4, passedbyvalue, alignment = int4);
create domain d as num;
create type c as (a num, b int);
create table t (id int, n num default '1', e d, f c, g num[]);
create view v as select n, e from t;
create function f(num) returns num language sql return $1;
