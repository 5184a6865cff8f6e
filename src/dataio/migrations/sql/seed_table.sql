CREATE SCHEMA IF NOT EXISTS dataio_meta;
CREATE TABLE IF NOT EXISTS dataio_meta.seed (  -- repeatable files of rows, and what they were when they last ran
    name       text        PRIMARY KEY,
    checksum   text        NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    applied_by text        NOT NULL DEFAULT session_user
);
