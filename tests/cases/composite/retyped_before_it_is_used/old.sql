create type pair as (p integer, q integer);
create domain small as text constraint filled check (value <> '');
create domain named as text;
create type span as range (subtype = integer);
create table t (c1 span, c2 boolean, c3 text);
