CREATE TABLE model (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, note text);
-- LIKE gives the copy's sequence the type bigint, whatever the column's, and the other's bounds.
CREATE TABLE copied (LIKE model INCLUDING ALL);
CREATE TABLE plain (id integer GENERATED ALWAYS AS IDENTITY);
CREATE TABLE wider (LIKE model INCLUDING ALL);
