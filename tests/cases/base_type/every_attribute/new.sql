create type num;
create function num_in2(cstring) returns num language internal immutable strict as 'textin';
create function num_out2(num) returns cstring language internal immutable strict as 'textout';
create function num_receive(internal) returns num language internal stable strict as 'textrecv';
create function num_send(num) returns bytea language internal stable strict as 'textsend';
create type num (input = num_in2, output = num_out2, receive = num_receive, send = num_send, internallength = variable,
    alignment = double, typmod_in = varchartypmodin, typmod_out = varchartypmodout, analyze = array_typanalyze,
    category = 'N', preferred = true, default = '7', delimiter = ';', collatable = true);
