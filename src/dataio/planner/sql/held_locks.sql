-- what a session holds or waits for
SELECT coalesce(l.relation, 0)::int8, l.mode, l.granted
  FROM pg_locks l
 WHERE l.pid = %(pid)s AND l.locktype IN ('relation', 'virtualxid', 'transactionid')
