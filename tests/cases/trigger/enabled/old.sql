create table t (a int);
create function f() returns trigger language plpgsql as 'begin return null; end';
create trigger tr after update on t for each row execute function f();
create trigger tr2 after update on t for each row execute function f();
alter table t disable trigger tr;
