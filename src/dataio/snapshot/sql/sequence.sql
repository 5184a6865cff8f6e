select c.oid as objid, 0 as objsubid, array[n.nspname, c.relname]::text[] as path,
       format_type(s.seqtypid, null) as type, s.seqstart as start, s.seqincrement as increment, s.seqmin as minimum,
       s.seqmax as maximum, s.seqcache as cache, s.seqcycle as cycle,
       case c.relpersistence when 'u' then 'unlogged' else 'permanent' end as persistence
from pg_sequence s
join pg_class c on c.oid = s.seqrelid
join pg_namespace n on n.oid = c.relnamespace
where c.oid >= 16384
  and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and c.oid not in (select objid from pg_depend where classid = 'pg_class'::regclass and deptype in ('e', 'i')
                    and refclassid in ('pg_extension'::regclass, 'pg_class'::regclass))
