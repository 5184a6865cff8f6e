-- transactions open for %(age)s seconds or longer, the oldest first, and which of %(names)s they hold locks on
SELECT a.pid,
       coalesce(a.usename::text, '') AS user,
       coalesce(a.application_name, '') AS application,
       coalesce(a.state, '') AS state,
       extract(epoch FROM clock_timestamp() - a.xact_start)::float8 AS seconds,
       (SELECT coalesce(array_agg(DISTINCT h.name ORDER BY h.name), '{}')
          FROM (SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS name
                  FROM pg_locks l
                  JOIN pg_class c ON c.oid = l.relation
                  JOIN pg_namespace n ON n.oid = c.relnamespace
                 WHERE l.pid = a.pid AND l.granted AND l.locktype = 'relation'
                   AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())) h
         WHERE h.name = ANY (%(names)s)) AS holds
  FROM pg_stat_activity a
 WHERE a.datname = current_database()
   AND a.pid <> pg_backend_pid()
   AND a.backend_type = 'client backend'
   AND a.xact_start < clock_timestamp() - make_interval(secs => %(age)s)
 ORDER BY a.xact_start, a.pid
 LIMIT 20
