create table e (id bigint generated always as identity, st text not null, at date not null, primary key (id, at, st)) partition by range (at);
create table e_2025 partition of e for values from ('2025-01-01') to ('2026-01-01') partition by list (st);
create table e_2025_a partition of e_2025 for values in ('a');
