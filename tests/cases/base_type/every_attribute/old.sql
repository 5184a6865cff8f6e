create type num;
create function num_in(cstring) returns num language internal immutable strict as 'int4in';
create function num_out(num) returns cstring language internal immutable strict as 'int4out';
create function num_receive(internal) returns num language internal stable strict as 'int4recv';
create function num_send(num) returns bytea language internal stable strict as 'int4send';
create type num (input = num_in, output = num_out, internallength = 4, passedbyvalue, alignment = int4);
