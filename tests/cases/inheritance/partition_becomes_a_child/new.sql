create table p (a bigint not null, b text default 'b', c integer, g integer generated always as (c * 2) stored,
    constraint positive check (a > 0));
create table k (d integer, constraint own check (c > 1)) inherits (p);
create index k_b on k (b);
