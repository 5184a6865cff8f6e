-- For whom a session waits, and since when: nothing where it waits for nobody.
SELECT b.pid,
       coalesce(b.usename::text, ''),
       coalesce(b.application_name, ''),
       coalesce(host(b.client_addr), ''),
       b.xact_start,
       coalesce(b.state, ''),
       coalesce(left(b.query, 200), ''),
       extract(epoch FROM clock_timestamp() - coalesce(b.xact_start, b.backend_start))::float8
FROM unnest(pg_blocking_pids(%s)) p(pid)
JOIN pg_catalog.pg_stat_activity b ON b.pid = p.pid
ORDER BY b.xact_start NULLS LAST
LIMIT 5
