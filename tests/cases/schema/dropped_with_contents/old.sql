create table public.keep (id int);
create schema app;
create table app.t (id int primary key);
create view app.v as select id from app.t;
