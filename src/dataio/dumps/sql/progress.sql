select p.relid::bigint, p.tuples_processed
  from pg_catalog.pg_stat_progress_copy p
  join pg_catalog.pg_stat_activity a on a.pid = p.pid
 where a.application_name = %s
