create schema app;
create table app.keep (id int primary key);
create table app.t (id int);
