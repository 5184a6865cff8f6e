create schema app;
create table app.before (a int);
alter default privileges in schema app grant select on tables to cases_reader;
create table app.after (a int);
