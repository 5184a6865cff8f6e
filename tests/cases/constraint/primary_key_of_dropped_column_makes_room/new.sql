CREATE TABLE shelves (
    label text CONSTRAINT shelves_pkey PRIMARY KEY,
    boxes integer
);
CREATE VIEW labels AS SELECT label, boxes FROM shelves GROUP BY label;
