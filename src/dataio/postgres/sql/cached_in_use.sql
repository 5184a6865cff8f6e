-- Runs, in whatever database of this server they work, that hold the cached template.
select l.pid
  from pg_catalog.pg_locks l
 where l.locktype = 'advisory' and l.objsubid = 2 and l.granted
   and l.classid::bigint = %(magic)s and l.objid::bigint = %(slot)s
 limit 1
