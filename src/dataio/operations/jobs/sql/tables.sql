-- What jobs say. Beside procrastinate's own tables, which keep who runs what.
CREATE TABLE IF NOT EXISTS dataio_meta.job_report (
    job_id      bigint      PRIMARY KEY REFERENCES dataio_meta.procrastinate_jobs ON DELETE CASCADE,
    result      jsonb,
    problem     jsonb,
    reported_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE IF NOT EXISTS dataio_meta.job_event (
    job_id   bigint      NOT NULL REFERENCES dataio_meta.procrastinate_jobs ON DELETE CASCADE,
    event_id bigint      GENERATED ALWAYS AS IDENTITY,
    at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    stage    text        NOT NULL,
    detail   text        NOT NULL,
    done     bigint,
    total    bigint,
    PRIMARY KEY (job_id, event_id)
);
