create table place (id integer not null, name text);
create table town (id integer not null, name text, people integer default 0, primary key (id));
create table capital (of_what text not null) inherits (town);
create table twice (id integer not null, name text);
create view towns as select id, name from town;
create index on town (name);
comment on column town.name is 'as on the map';
create table village (called text, sheep integer);
