CREATE TABLE app.after (
    a integer
);
GRANT SELECT ON TABLE app.after TO cases_reader;
CREATE TABLE app.before (
    a integer
);
ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO cases_reader;
