create table t (a int primary key, b int, constraint c check (b > 0));
create function f() returns trigger language plpgsql as 'begin return null; end';
create trigger tr after insert on t for each row execute function f();
create policy p on t using (true);
create view v as select a from t;
comment on table t is 'old';
comment on column t.b is 'gone';
