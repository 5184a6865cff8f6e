select r.rolname::text as name
  from pg_catalog.pg_roles r
 where r.rolname ~ %(pattern)s
   and not exists (select from pg_catalog.pg_locks l
                    where l.locktype = 'advisory' and l.objsubid = 2 and l.granted
                      and l.classid::bigint = %(magic)s
                      and lpad(to_hex(l.objid::bigint), 8, '0') = substring(r.rolname from %(pattern)s))
 order by 1
