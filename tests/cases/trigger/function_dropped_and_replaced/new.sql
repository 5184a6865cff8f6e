create table t (a int);
create function g() returns trigger language plpgsql as 'begin return null; end';
create trigger tr after insert on t for each row execute function g();
