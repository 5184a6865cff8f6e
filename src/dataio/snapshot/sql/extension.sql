select e.oid as objid, 0 as objsubid, array[e.extname]::text[] as path,
       e.extversion as version, n.nspname::text as schema, e.extrelocatable as relocatable
from pg_extension e join pg_namespace n on n.oid = e.extnamespace
where e.oid >= 16384
