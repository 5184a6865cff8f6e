create type color as enum ('red', 'green');
create domain positive as integer check (value > 0);
create type pair as (a integer, b text);
create table boxes (id integer, one pair, many pair[] default '{}', tint color, tints color[], size positive, sizes positive[]);
