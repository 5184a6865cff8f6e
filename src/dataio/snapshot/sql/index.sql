select ic.oid as objid, 0 as objsubid, array[n.nspname, ic.relname]::text[] as path,
       array[n.nspname, c.relname]::text[] as "table",
       pg_get_indexdef(i.indexrelid) as definition,
       i.indisunique as unique,
       am.amname::text as method,
       ts.spcname::text as tablespace,
       case when i.indexprs is null then '{}' else
           array(select a.attnum || '=' || a.attstattarget from pg_attribute a
                 where a.attrelid = i.indexrelid and a.attstattarget >= 0 order by a.attnum) end as statistics,
       case when pc.oid is not null then array[pn.nspname, pc.relname]::text[] end as parent,
       i.indisvalid as valid,
       array(select (select a.attname::text from pg_attribute a
                     where a.attrelid = i.indrelid and a.attnum = i.indkey[k])
             from generate_series(0, i.indnatts - 1) k where i.indkey[k] <> 0) as columns
from pg_index i
join pg_class ic on ic.oid = i.indexrelid
join pg_class c on c.oid = i.indrelid
join pg_namespace n on n.oid = c.relnamespace
join pg_am am on am.oid = ic.relam
left join pg_tablespace ts on ts.oid = ic.reltablespace
left join pg_inherits h on h.inhrelid = i.indexrelid
left join pg_class pc on pc.oid = h.inhparent
left join pg_namespace pn on pn.oid = pc.relnamespace
where i.indrelid >= 16384
  and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and i.indexrelid not in (select conindid from pg_constraint where contype in ('p', 'u', 'x'))
  and c.oid not in (select objid from pg_depend where refclassid = 'pg_extension'::regclass and deptype = 'e'
                    and classid = 'pg_class'::regclass)
