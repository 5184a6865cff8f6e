CREATE TABLE reading (
    id integer PRIMARY KEY,
    kind text DEFAULT 'a' CONSTRAINT kind_given CHECK (kind <> ''),
    twice integer GENERATED ALWAYS AS (id * 2) STORED
);
CREATE TABLE low () INHERITS (reading);
CREATE TABLE middle (kind text DEFAULT 'm') INHERITS (reading);
CREATE TABLE high (id integer PRIMARY KEY, kind text, twice integer GENERATED ALWAYS AS (id * 2) STORED);
CREATE VIEW low_kinds AS SELECT kind FROM low;
