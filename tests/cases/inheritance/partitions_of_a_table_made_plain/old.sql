CREATE TABLE reading (
    id integer PRIMARY KEY,
    kind text DEFAULT 'a' CONSTRAINT kind_given CHECK (kind <> ''),
    twice integer GENERATED ALWAYS AS (id * 2) STORED
) PARTITION BY RANGE (id);
CREATE TABLE low PARTITION OF reading FOR VALUES FROM (0) TO (10);
CREATE TABLE middle (
    kind text DEFAULT 'm' CONSTRAINT kind_given CHECK (kind <> ''),
    id integer NOT NULL,
    twice integer GENERATED ALWAYS AS (id * 2) STORED
);
ALTER TABLE reading ATTACH PARTITION middle FOR VALUES FROM (10) TO (20);
CREATE TABLE high PARTITION OF reading FOR VALUES FROM (20) TO (30);
CREATE VIEW low_kinds AS SELECT kind FROM low;
