create type a as enum ('x');
create type b as enum ('x');
create function a_to_b(a) returns b language sql as 'select ''x''::b';
create cast (b as a) with inout;
create cast (a as b) with inout;
