create type hue as enum ('red', 'green');
create type pair as (a integer, b text, c hue);
create table typed of pair;
create table loosened of pair;
create table bound (a bigint, b date, c hue);
