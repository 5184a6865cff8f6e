create table t (a bigint);
create function f() returns int language sql begin atomic select a::int from t; end;
create function g() returns int language sql begin atomic select f(); end;
