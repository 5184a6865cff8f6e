create table t (id bigint primary key, name text, amount numeric(12, 2));
