create table t (a int, b text) partition by list (a);
create table new_one partition of t for values in (1);
create table new_two partition of t for values in (2, 4);
create function of_old() returns bigint language sql begin atomic select count(*) from new_two; end;
create table r (at date) partition by range (at);
create table r_2025 partition of r for values from ('2025-01-01') to ('2026-01-01');
