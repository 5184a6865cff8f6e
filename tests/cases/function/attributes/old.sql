create function f(a int) returns setof int language sql as 'select a';
