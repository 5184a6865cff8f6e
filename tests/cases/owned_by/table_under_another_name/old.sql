CREATE SEQUENCE tickets_id_seq;
CREATE TABLE tickets (
    id bigint DEFAULT nextval('tickets_id_seq') CONSTRAINT tickets_pkey PRIMARY KEY,
    subject text NOT NULL
);
ALTER SEQUENCE tickets_id_seq OWNED BY tickets.id;
