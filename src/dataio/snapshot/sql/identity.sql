select sc.oid as objid, 0 as objsubid, array[n.nspname, c.relname, a.attname]::text[] as path,
       case a.attidentity when 'a' then 'always' else 'by default' end as generation,
       array[sn.nspname, sc.relname]::text[] as sequence,
       format_type(s.seqtypid, null) as type, s.seqstart as start, s.seqincrement as increment, s.seqmin as minimum,
       s.seqmax as maximum, s.seqcache as cache, s.seqcycle as cycle,
       case sc.relpersistence when 'u' then 'unlogged' else 'permanent' end as persistence
from pg_sequence s
join pg_class sc on sc.oid = s.seqrelid
join pg_namespace sn on sn.oid = sc.relnamespace
join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = s.seqrelid and d.objsubid = 0
                and d.refclassid = 'pg_class'::regclass and d.deptype = 'i'
join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
join pg_class c on c.oid = a.attrelid
join pg_namespace n on n.oid = c.relnamespace
where c.oid >= 16384
  and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and c.oid not in (select objid from pg_depend where refclassid = 'pg_extension'::regclass and deptype = 'e'
                    and classid = 'pg_class'::regclass)
