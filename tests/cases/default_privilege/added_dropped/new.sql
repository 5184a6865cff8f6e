create schema app;
alter default privileges in schema app grant select, insert on tables to cases_reader;
alter default privileges revoke execute on functions from public;
