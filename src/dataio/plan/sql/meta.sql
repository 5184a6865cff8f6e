    IF to_regnamespace('dataio_meta') IS NULL THEN
        CREATE SCHEMA dataio_meta;
        COMMENT ON SCHEMA dataio_meta IS 'Bookkeeping of dataio: which migrations ran here. No part of the schema.';
    END IF;
    IF to_regclass('dataio_meta.migration') IS NULL THEN
        CREATE TABLE dataio_meta.migration (
            number           integer     PRIMARY KEY,
            name             text        NOT NULL,
            kind             text        NOT NULL,
            from_fingerprint text        NOT NULL,
            to_fingerprint   text        NOT NULL,
            checksum         text        NOT NULL,
            applied_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
            applied_by       text        NOT NULL DEFAULT session_user,
            git_commit       text        NOT NULL,
            tool_version     text        NOT NULL
        );
        CREATE TABLE dataio_meta.segment (  -- of a script in several transactions, while it is under way
            number           integer     NOT NULL,
            segment          integer     NOT NULL,
            checksum         text        NOT NULL,
            fingerprint      text        NOT NULL DEFAULT '',
            done_at          timestamptz NOT NULL DEFAULT clock_timestamp(),
            PRIMARY KEY (number, segment)
        );
    END IF;
