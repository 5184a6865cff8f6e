-- Foreign-data wrappers.
select w.oid as objid,
       0 as objsubid,
       array[w.fdwname]::text[] as path,
       case when h.oid is not null then quote_ident(hn.nspname) || '.' || quote_ident(h.proname) end as handler,
       case when v.oid is not null then quote_ident(vn.nspname) || '.' || quote_ident(v.proname) end as validator,
       coalesce((select array_agg(o order by o collate "C") from unnest(w.fdwoptions) o), '{}') as options
from pg_foreign_data_wrapper w
left join pg_proc h on h.oid = w.fdwhandler
left join pg_namespace hn on hn.oid = h.pronamespace
left join pg_proc v on v.oid = w.fdwvalidator
left join pg_namespace vn on vn.oid = v.pronamespace
where w.oid >= 16384
  and not exists (
      select from pg_depend x
      where x.classid = 'pg_foreign_data_wrapper'::regclass and x.objid = w.oid and x.deptype = 'e'
  )
