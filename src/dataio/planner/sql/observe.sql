-- what the open transaction holds and did to relations that were there before; %(oids)s: those relations
SELECT l.relation::int8 AS oid,
       array_agg(DISTINCT l.mode) AS modes,
       c.oid IS NOT NULL AS present,
       pg_relation_filenode(c.oid)::int8 AS filenode,
       coalesce(pg_stat_get_xact_numscans(c.oid), 0) AS scans,
       (SELECT array_agg(a.attname::text ORDER BY a.attnum)
          FROM pg_attribute a
         WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns,
       c.relname::text AS relname,
       (SELECT n.nspname::text FROM pg_namespace n WHERE n.oid = c.relnamespace) AS schema
  FROM pg_locks l
  LEFT JOIN pg_class c ON c.oid = l.relation
 WHERE l.pid = pg_backend_pid()
   AND l.locktype = 'relation'
   AND l.granted
   AND l.mode <> 'SIReadLock' -- a serializable transaction's notes on what it read: nobody waits for them
   AND l.relation = ANY (%(oids)s::oid[])
 GROUP BY l.relation, c.oid, c.relname, c.relnamespace
