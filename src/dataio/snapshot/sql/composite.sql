select c.oid as objid, 0 as objsubid, array[n.nspname, c.relname]::text[] as path
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where c.relkind = 'c' and c.oid >= 16384
  and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and c.reltype not in (select objid from pg_depend where refclassid = 'pg_extension'::regclass and deptype = 'e'
                        and classid = 'pg_type'::regclass)
