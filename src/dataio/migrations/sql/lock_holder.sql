-- Who holds the advisory lock in this database. Of other roles' sessions an ordinary role sees little but the name.
SELECT l.pid,
       coalesce(a.usename::text, ''),
       coalesce(a.application_name, ''),
       coalesce(host(a.client_addr), ''),
       a.xact_start
FROM pg_catalog.pg_locks l
LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 2
  AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
  AND l.classid = %s::oid AND l.objid = %s::oid
  AND l.pid <> pg_backend_pid()
