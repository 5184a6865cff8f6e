-- The place among the parents there are: inhseqno itself also tells of those that are gone.
select null::oid as objid, null::int4 as objsubid,
       array[n.nspname, c.relname, pn.nspname, pc.relname]::text[] as path,
       row_number() over (partition by i.inhrelid order by i.inhseqno)::int4 as number
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
join pg_inherits i on i.inhrelid = c.oid
join pg_class pc on pc.oid = i.inhparent
join pg_namespace pn on pn.oid = pc.relnamespace
where c.relkind in ('r', 'f') and not c.relispartition and c.oid >= 16384
  and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and c.oid not in (select objid from pg_depend where refclassid = 'pg_extension'::regclass and deptype = 'e'
                    and classid = 'pg_class'::regclass)
