create type num;
create function num_in(cstring) returns num language internal immutable strict as 'int8in';
create function num_out(num) returns cstring language internal immutable strict as 'int8out';
create type num (input = num_in, output = num_out, internallength = 8, passedbyvalue, alignment = double);
create table t (id int, n num);
