CREATE DOMAIN positive AS integer;
ALTER DOMAIN positive ADD CONSTRAINT above_zero CHECK (VALUE > 0) NOT VALID;
CREATE TYPE size AS (width positive);
CREATE TABLE box (sizes size[], counts positive[], weight positive);
