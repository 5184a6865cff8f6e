INSERT INTO dataio_meta.job_event (job_id, stage, detail, done, total)
VALUES (%(job_id)s, %(stage)s, %(detail)s, %(done)s, %(total)s)
