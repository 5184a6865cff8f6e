create type hue as enum ('e', 'f');
create type pair as (s text, p hue, q hue);
create table oft of pair;
create index on oft (s, p);
insert into oft values ('1', 'e', 'f');
