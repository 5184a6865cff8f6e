CREATE TABLE shelves (
    id integer CONSTRAINT shelves_id_key PRIMARY KEY,
    label text NOT NULL UNIQUE,
    boxes integer
);
CREATE VIEW labels AS SELECT id, label FROM shelves;
