create type str;
create function str_in(cstring) returns str language internal immutable strict as 'textin';
create function str_out(str) returns cstring language internal immutable strict as 'textout';
create type str (input = str_in, output = str_out, storage = extended);
