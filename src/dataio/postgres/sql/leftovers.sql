-- Scratch databases of runs that no longer hold their lock, and that the connected role may drop.
select d.datname::text as name
  from pg_catalog.pg_database d
 where d.datname ~ %(pattern)s
   and pg_catalog.pg_has_role(d.datdba, 'USAGE')
   and not exists (select from pg_catalog.pg_locks l
                    where l.locktype = 'advisory' and l.objsubid = 2 and l.granted
                      and l.classid::bigint = %(magic)s
                      and lpad(to_hex(l.objid::bigint), 8, '0') = substring(d.datname from %(pattern)s))
 order by 1
