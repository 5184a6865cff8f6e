create type hue as enum ('e', 'f', 'a');
create type pair as (q hue, p text);
create type span as range (subtype = integer);
create table t (c1 pair, c2 hue default 'a', c3 span, c4 integer);
