create type hue as enum ('a', 'b');
create type pair as (p hue, q text);
