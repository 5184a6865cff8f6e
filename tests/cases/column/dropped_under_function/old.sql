create table t (id int, gone int);
create function f() returns setof t language sql begin atomic select * from t; end;
