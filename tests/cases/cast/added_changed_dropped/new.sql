create type a as enum ('x');
create type b as enum ('x');
create function a_to_b(a) returns b language sql as 'select ''x''::b';
create cast (a as b) with function a_to_b(a) as assignment;
comment on cast (a as b) is 'over';
