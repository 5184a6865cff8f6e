GRANT USAGE ON SCHEMA app TO cases_reader;
COMMENT ON SCHEMA app IS 'The application';
