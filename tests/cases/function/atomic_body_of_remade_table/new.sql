create table t (a int, b int) partition by list (b);
create function f() returns bigint language sql begin atomic select count(b) from t; end;
