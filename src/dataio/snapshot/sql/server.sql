-- Foreign servers.
select s.oid as objid,
       0 as objsubid,
       array[s.srvname]::text[] as path,
       w.fdwname::text as wrapper,
       s.srvtype as type,
       s.srvversion as version,
       coalesce((select array_agg(o order by o collate "C") from unnest(s.srvoptions) o), '{}') as options
from pg_foreign_server s
join pg_foreign_data_wrapper w on w.oid = s.srvfdw
where s.oid >= 16384
  and not exists (
      select from pg_depend x where x.classid = 'pg_foreign_server'::regclass and x.objid = s.oid and x.deptype = 'e'
  )
