-- how big and how busy what will be touched is on the target; %(names)s: qualified names
SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS name,
       CASE WHEN c.reltuples < 0 THEN NULL ELSE c.reltuples::int8 END AS rows,
       pg_total_relation_size(c.oid)::int8 AS bytes,
       CASE WHEN c.relkind IN ('r', 'm', 'p') THEN pg_relation_size(c.oid)::int8 END AS heap,
       CASE WHEN d.stats_reset < now() THEN
           (s.n_tup_ins + s.n_tup_upd + s.n_tup_del) / extract(epoch FROM now() - d.stats_reset)::float8
       END AS writes
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_stat_user_tables s ON s.relid = c.oid
  LEFT JOIN pg_stat_database d ON d.datname = current_database()
 WHERE quote_ident(n.nspname) || '.' || quote_ident(c.relname) = ANY (%(names)s)
