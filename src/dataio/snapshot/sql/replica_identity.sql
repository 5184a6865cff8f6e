select null::oid as objid, null::int4 as objsubid, array[n.nspname, c.relname]::text[] as path,
       case c.relreplident when 'n' then 'nothing' when 'f' then 'full' else 'index' end as identity,
       ic.relname::text as index
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
left join pg_index i on c.relreplident = 'i' and i.indrelid = c.oid and i.indisreplident
left join pg_class ic on ic.oid = i.indexrelid
where c.relkind in ('r', 'p', 'm') and c.relreplident <> 'd' and c.oid >= 16384
  and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and c.oid not in (select objid from pg_depend where refclassid = 'pg_extension'::regclass and deptype = 'e'
                    and classid = 'pg_class'::regclass)
