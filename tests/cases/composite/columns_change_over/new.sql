create type hue as enum ('c', 'e', 'f');
create domain shade as hue;
create type pair as (q text);
create type span as range (subtype = date);
create table t (c1 hue default 'e', c2 span, c3 shade, c4 pair);
