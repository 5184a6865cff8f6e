    IF to_regclass('dataio_meta.rollback') IS NULL THEN
        CREATE TABLE dataio_meta.rollback (  -- what was applied and taken back, as often as that happened
            number         integer     NOT NULL,
            name           text        NOT NULL,
            checksum       text        NOT NULL,
            applied_at     timestamptz NOT NULL,
            applied_by     text        NOT NULL,
            script         text        NOT NULL,
            rolled_back_at timestamptz NOT NULL DEFAULT clock_timestamp(),
            rolled_back_by text        NOT NULL DEFAULT session_user,
            git_commit     text        NOT NULL,
            tool_version   text        NOT NULL
        );
    END IF;
