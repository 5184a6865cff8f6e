create table t (a int, b text) partition by list (a);
create table one partition of t for values in (1);
create table two partition of t for values in (2);
create policy p on one using (b is not null);
create trigger tr before update of b on one for each row execute function suppress_redundant_updates_trigger();
create view v as select b from one;
