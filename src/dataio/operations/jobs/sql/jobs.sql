SELECT j.id AS job_id, j.task_name AS kind, j.status::text AS status, j.attempts, j.args AS arguments,
       (SELECT min(e.at) FROM dataio_meta.procrastinate_events e WHERE e.job_id = j.id) AS created_at,
       (SELECT max(e.at) FROM dataio_meta.procrastinate_events e WHERE e.job_id = j.id AND e.type = 'started') AS started_at,
       r.reported_at AS finished_at, r.problem,
       CASE WHEN j.task_name = 'plan' AND r.result IS NOT NULL THEN jsonb_build_object(
         'statements', (SELECT count(*) FROM jsonb_path_query(r.result, '$.plan.statements[*]')),
         'refused', (SELECT count(*) FROM jsonb_path_query(r.result, '$.plan.statements[*].hazards[*] ? (@.refused == true)')))
       END AS amounts
  FROM dataio_meta.procrastinate_jobs j
  LEFT JOIN dataio_meta.job_report r ON r.job_id = j.id
 WHERE (%(kind)s::text IS NULL OR j.task_name = %(kind)s)
   AND (%(before)s::bigint IS NULL OR j.id < %(before)s)
 ORDER BY j.id DESC
 LIMIT %(row_limit)s
