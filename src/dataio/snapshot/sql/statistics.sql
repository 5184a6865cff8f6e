select s.oid as objid, 0 as objsubid, array[n.nspname, s.stxname]::text[] as path,
       pg_get_statisticsobjdef(s.oid) as definition,
       array[cn.nspname, c.relname]::text[] as "table",
       nullif(s.stxstattarget, -1)::int4 as target
from pg_statistic_ext s
join pg_namespace n on n.oid = s.stxnamespace
join pg_class c on c.oid = s.stxrelid
join pg_namespace cn on cn.oid = c.relnamespace
where s.oid >= 16384
  and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and s.oid not in (select objid from pg_depend where refclassid = 'pg_extension'::regclass and deptype = 'e'
                    and classid = 'pg_statistic_ext'::regclass)
