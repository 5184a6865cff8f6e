-- Types that were named and never defined.
select t.oid as objid,
       0 as objsubid,
       array[n.nspname, t.typname]::text[] as path
from pg_type t
join pg_namespace n on n.oid = t.typnamespace
where t.typtype = 'p'
  and not t.typisdefined
  and t.oid >= 16384
  and n.nspname <> 'dataio_meta'
  and n.nspname !~ '^pg_(toast_)?temp_'
  and not exists (
      select from pg_depend x where x.classid = 'pg_type'::regclass and x.objid = t.oid and x.deptype = 'e'
  )
