select n.oid as objid, 0 as objsubid, array[n.nspname]::text[] as path
from pg_namespace n
where (n.oid >= 16384 or n.nspname = 'public')
  and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and n.oid not in (select objid from pg_depend where refclassid = 'pg_extension'::regclass and deptype = 'e'
                    and classid = 'pg_namespace'::regclass)
