ALTER SCHEMA app OWNER TO cases_owner;
ALTER TYPE app.e OWNER TO cases_owner;
ALTER DOMAIN app.d OWNER TO cases_owner;
ALTER TABLE app.t OWNER TO cases_owner;
ALTER FUNCTION app.f() OWNER TO cases_owner;
ALTER VIEW app.v OWNER TO cases_owner;
