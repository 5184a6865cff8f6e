create type num;
create function num_in(cstring) returns num language internal immutable strict as 'int4in';
create function num_out(num) returns cstring language internal immutable strict as 'int4out';
create type num (input = num_in, output = num_out, internallength = 4, passedbyvalue, alignment = int4);
create function num_eq(num, num) returns bool language internal immutable strict as 'int4eq';
create operator = (function = num_eq, leftarg = num, rightarg = num);
create cast (num as int) without function;
create table t (id int, n num, many num[]);
comment on function num_in is 'reads';
