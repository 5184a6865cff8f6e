-- Transactions older than %(age)s seconds that hold a lock which one of ours would wait for; %(wanted)s: for each
-- relation whether ours blocks reads, too. An ordinary role sees of others' sessions little but that they are there.
SELECT a.pid,
       coalesce(a.usename::text, ''),
       coalesce(a.application_name, ''),
       coalesce(host(a.client_addr), ''),
       a.xact_start,
       coalesce(a.state, ''),
       coalesce(left(a.query, 200), ''),
       extract(epoch FROM clock_timestamp() - a.xact_start)::float8
FROM pg_catalog.pg_stat_activity a
WHERE a.datname = current_database()
  AND a.pid <> pg_backend_pid()
  AND a.xact_start < clock_timestamp() - make_interval(secs => %(age)s)
  AND EXISTS (
      SELECT FROM pg_catalog.pg_locks l
      JOIN pg_catalog.pg_class c ON c.oid = l.relation
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      JOIN jsonb_each(%(wanted)s::jsonb) w ON w.key = quote_ident(n.nspname) || '.' || quote_ident(c.relname)
      WHERE l.pid = a.pid AND l.granted AND l.locktype = 'relation'
        AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
        AND (w.value = 'true' OR l.mode NOT IN ('AccessShareLock', 'RowShareLock', 'SIReadLock')))
ORDER BY a.xact_start
LIMIT 5
