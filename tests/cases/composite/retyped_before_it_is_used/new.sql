create type hue as enum ('e', 'b');
create domain small as text constraint filled check (value <> '') constraint short check (length(value) < 9);
create domain named as text not null;
create type pair as (p named, q integer);
create type span as range (subtype = date);
create table t (c1 hue, c2 pair, c3 small[]);
