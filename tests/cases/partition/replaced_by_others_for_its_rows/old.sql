create table t (a int, b text) partition by list (a);
create table old_one partition of t for values in (1, 2);
create table old_two partition of t for values in (3);
create function of_old() returns bigint language sql begin atomic select count(*) from old_one; end;
create table r (at date) partition by range (at);
create table r_2024 partition of r for values from ('2024-01-01') to ('2025-01-01');
