create schema app;
create table app.keep (id int primary key);
create table t (id int);
