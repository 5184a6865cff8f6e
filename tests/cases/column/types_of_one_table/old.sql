CREATE TYPE size AS ENUM ('small', 'large');
CREATE TABLE parcels (
    id integer PRIMARY KEY,
    parent integer REFERENCES parcels,
    height integer,
    width integer,
    kind text DEFAULT 'small',
    note varchar(50)
);
CREATE INDEX parcels_area ON parcels (height, width);
CREATE VIEW tall AS SELECT id, height FROM parcels WHERE height > width;
