create table t (a int, b int);
create function f() returns trigger language plpgsql as 'begin return null; end';
create trigger gone before insert on t for each row execute function f();
create trigger tr after update on t for each row execute function f();
comment on trigger tr on t is 'note';
