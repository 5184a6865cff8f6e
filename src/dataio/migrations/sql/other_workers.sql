-- sessions of this database that still work on the same step
SELECT a.pid,
       coalesce(a.usename::text, ''),
       coalesce(a.application_name, ''),
       coalesce(host(a.client_addr), ''),
       a.xact_start
FROM pg_catalog.pg_stat_activity a
WHERE a.datname = current_database() AND a.pid <> pg_backend_pid() AND a.application_name = %s AND a.state <> 'idle'
