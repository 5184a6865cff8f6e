create schema app;
alter default privileges in schema app grant select on tables to cases_reader;
create table app.t (a int);
create table app.u (a int);
revoke select on app.u from cases_reader;
