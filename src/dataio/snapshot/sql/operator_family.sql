-- Operator families, those that an operator class made for itself included.
select f.oid as objid,
       0 as objsubid,
       array[n.nspname, f.opfname, m.amname]::text[] as path
from pg_opfamily f
join pg_namespace n on n.oid = f.opfnamespace
join pg_am m on m.oid = f.opfmethod
where f.oid >= 16384
  and n.nspname <> 'dataio_meta'
  and n.nspname !~ '^pg_(toast_)?temp_'
  and not exists (
      select from pg_depend x where x.classid = 'pg_opfamily'::regclass and x.objid = f.oid and x.deptype = 'e'
  )
