-- Access methods.
select m.oid as objid,
       0 as objsubid,
       array[m.amname]::text[] as path,
       case m.amtype when 'i' then 'index' when 't' then 'table' end as type,
       quote_ident(n.nspname) || '.' || quote_ident(p.proname) as handler
from pg_am m
join pg_proc p on p.oid = m.amhandler
join pg_namespace n on n.oid = p.pronamespace
where m.oid >= 16384
  and not exists (
      select from pg_depend x where x.classid = 'pg_am'::regclass and x.objid = m.oid and x.deptype = 'e'
  )
