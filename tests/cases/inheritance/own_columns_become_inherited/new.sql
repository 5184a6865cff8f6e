create table place (id integer not null, name text);
create table town (people integer default 0, primary key (id)) inherits (place);
create table capital (of_what text not null) inherits (town);
create table twice () inherits (place);
create view towns as select id, name from town;
create index on town (name);
comment on column town.name is 'as on the map';
create table village (sheep integer) inherits (place);
