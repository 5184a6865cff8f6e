create table t (a int, up int);
create function f() returns trigger language plpgsql as 'begin return new; end';
create recursive view v (a, up) as select a, up from t where up is null union all select t.a, t.up from t join v on v.a = t.up;
create trigger tr instead of insert on v for each row execute function f();
