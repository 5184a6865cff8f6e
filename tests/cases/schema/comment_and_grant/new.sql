create schema app;
comment on schema app is 'The application';
grant usage on schema app to cases_reader;
