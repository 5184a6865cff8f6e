create function f() returns trigger language plpgsql as 'begin return new; end';
create table divided (a integer) partition by list (a);
create table kept partition of divided for values in (1);
create table tied (a integer);
create trigger after_row after insert on divided for each row execute function f();
alter table divided disable trigger after_row;
alter table kept enable trigger after_row;
