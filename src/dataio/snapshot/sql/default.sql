select d.oid as objid, 0 as objsubid, array[n.nspname, c.relname, a.attname]::text[] as path,
       pg_get_expr(d.adbin, d.adrelid) as expression
from pg_attrdef d
join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum and not a.attisdropped and a.attgenerated = ''
join pg_class c on c.oid = d.adrelid
join pg_namespace n on n.oid = c.relnamespace
where c.oid >= 16384
  and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and c.oid not in (select objid from pg_depend where refclassid = 'pg_extension'::regclass and deptype = 'e'
                    and classid = 'pg_class'::regclass)
