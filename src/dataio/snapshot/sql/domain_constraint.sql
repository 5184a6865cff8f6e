-- CHECK constraints of domains; NOT NULL is an attribute of the domain.
select k.oid as objid,
       0 as objsubid,
       array[n.nspname, t.typname, k.conname]::text[] as path,
       pg_get_constraintdef(k.oid) as definition,
       k.convalidated as validated
from pg_constraint k
join pg_type t on t.oid = k.contypid
join pg_namespace n on n.oid = t.typnamespace
where k.contype = 'c'
  and t.oid >= 16384
  and n.nspname <> 'dataio_meta'
  and n.nspname !~ '^pg_(toast_)?temp_'
  and not exists (
      select from pg_depend x where x.classid = 'pg_type'::regclass and x.objid = t.oid and x.deptype = 'e'
  )
