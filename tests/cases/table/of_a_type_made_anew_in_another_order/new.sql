create type hue as enum ('f', 'e');
create type other as enum ('x');
create type pair as (q hue, s integer, p hue[], o other);
create table oft of pair;
create index on oft (s, p);
