create schema app;
create sequence app.s;
create function app.f(a int) returns int language sql as 'select 1';
create type app.e as enum ('a');
create foreign data wrapper w;
create server srv foreign data wrapper w;
