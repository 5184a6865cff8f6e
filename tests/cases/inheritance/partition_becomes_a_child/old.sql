create table p (a integer not null, b text default 'b', c integer, g integer generated always as (c * 2) stored,
    constraint positive check (a > 0)) partition by list (a);
create table k partition of p (constraint own check (c > 1)) for values in (1);
create index k_b on k (b);
