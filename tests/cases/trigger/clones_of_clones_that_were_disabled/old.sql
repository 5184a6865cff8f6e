create function f() returns trigger language plpgsql as 'begin return null; end';
create table r (a int, b int) partition by list (a);
create table p partition of r for values in (1) partition by list (b);
create table d (a int, b int) partition by list (b);
create table d1 partition of d for values in (1);
create trigger t after insert on r for each row execute function f();
alter table p disable trigger t;
