select c.oid as objid, a.attnum::int4 as objsubid, array[n.nspname, c.relname, a.attname]::text[] as path,
       format_type(a.atttypid, a.atttypmod) as type,
       case when a.attcollation <> t.typcollation and a.attcollation <> 0 then
           (select array[cn.nspname, co.collname]::text[] from pg_collation co
            join pg_namespace cn on cn.oid = co.collnamespace where co.oid = a.attcollation) end as collation,
       a.attnum::int4 as position
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
join pg_type t on t.oid = a.atttypid
where c.relkind = 'c' and c.oid >= 16384
  and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and c.reltype not in (select objid from pg_depend where refclassid = 'pg_extension'::regclass and deptype = 'e'
                        and classid = 'pg_type'::regclass)
