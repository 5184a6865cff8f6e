create table t (id int, at date) partition by range (at);
create table t_2025 partition of t for values from ('2025-01-01') to ('2026-01-01');
