SELECT event_id, at, stage, detail, done, total
  FROM dataio_meta.job_event
 WHERE job_id = %(job_id)s AND event_id > %(after)s
 ORDER BY event_id
 LIMIT 500
