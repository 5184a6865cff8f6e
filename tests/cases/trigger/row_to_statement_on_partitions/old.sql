create table t (a int) partition by list (a);
create table t1 partition of t for values in (1) partition by list (a);
create table t11 partition of t1 for values in (1);
create function f() returns trigger language plpgsql as 'begin return null; end';
create trigger tr after update on t for each row execute function f();
create trigger up after update on t for each statement execute function f();
