create table g (a int, b int generated always as (a / 2) stored, primary key (a, b));
