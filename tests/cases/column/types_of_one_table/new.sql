CREATE TYPE size AS ENUM ('small', 'large');
CREATE TABLE parcels (
    id bigint PRIMARY KEY,
    parent bigint REFERENCES parcels,
    height numeric(8, 2),
    width numeric(8, 2),
    kind size DEFAULT 'small',
    note varchar(50)
);
CREATE INDEX parcels_area ON parcels (height, width);
CREATE VIEW tall AS SELECT id, height FROM parcels WHERE height > width;
