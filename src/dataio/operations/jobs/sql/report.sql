INSERT INTO dataio_meta.job_report (job_id, result, problem)
VALUES (%(job_id)s, %(result)s, %(problem)s)
ON CONFLICT (job_id) DO UPDATE
   SET result = excluded.result, problem = excluded.problem, reported_at = now()
