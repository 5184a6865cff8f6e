create table t (a int, b bigint generated always as (a * 2) stored);
