create table t (a int, b int);
create function f() returns trigger language plpgsql as 'begin return null; end';
create trigger tr after update of a on t for each row when (old.a is distinct from new.a) execute function f('x');
comment on trigger tr on t is 'note';
