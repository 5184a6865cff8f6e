-- what a session holds or asks for, and whether it waits for another one
SELECT coalesce(l.relation, 0)::int8,
       l.mode,
       NOT l.granted AND %(holder)s = ANY (pg_blocking_pids(%(pid)s))
  FROM pg_locks l
 WHERE l.pid = %(pid)s AND l.locktype IN ('relation', 'virtualxid', 'transactionid')
   AND l.mode <> 'SIReadLock'
