create table u (id int primary key);
create table t (id int primary key, plain text, must int default 0 not null, ref int references u, made int generated always as (id * 2) stored, ser serial);
