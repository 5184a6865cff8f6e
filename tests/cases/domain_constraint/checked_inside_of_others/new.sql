CREATE DOMAIN positive AS integer CONSTRAINT above_zero CHECK (VALUE > 0);
CREATE TYPE size AS (width positive);
CREATE TABLE box (sizes size[], counts positive[], weight positive);
