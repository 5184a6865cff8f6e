CREATE TABLE booking (
    id integer,
    during tstzrange
);
