create type color as enum ('green', 'red');
create domain positive as bigint check (value > 1);
create type pair as (a bigint, b text);
create table boxes (id integer, one pair[], many pair, tint color[], tints color, size positive[], sizes positive);
