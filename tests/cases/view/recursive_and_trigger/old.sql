create table t (a int, up int);
create function f() returns trigger language plpgsql as 'begin return new; end';
create view v as select a, up from t;
create trigger tr instead of insert on v for each row execute function f();
