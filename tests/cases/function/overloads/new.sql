create function f(a int) returns int language sql as 'select 1';
create function f(a int, variadic b text[]) returns int language sql as 'select 3';
