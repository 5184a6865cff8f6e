create type hue as enum ('a', 'b');
create type pair as (p integer, q text);
create table gone of pair;
