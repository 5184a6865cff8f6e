select c.oid as objid, 0 as objsubid, array[n.nspname, c.relname]::text[] as path,
       s.srvname::text as server,
       case when f.ftoptions is null then '{}' else
           (select array_agg(o order by o collate "C") from unnest(f.ftoptions) o) end as options
from pg_foreign_table f
join pg_foreign_server s on s.oid = f.ftserver
join pg_class c on c.oid = f.ftrelid
join pg_namespace n on n.oid = c.relnamespace
where c.oid >= 16384
  and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and c.oid not in (select objid from pg_depend where refclassid = 'pg_extension'::regclass and deptype = 'e'
                    and classid = 'pg_class'::regclass)
