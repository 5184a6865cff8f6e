create type hue as enum ('green', 'red');
create type pair as (a bigint, b date, c hue);
create table typed of pair;
create table loosened (a integer, b text, c hue);
create table bound of pair;
