-- Text search dictionaries.
select d.oid as objid,
       0 as objsubid,
       array[n.nspname, d.dictname]::text[] as path,
       array[tn.nspname, t.tmplname]::text[] as template,
       d.dictinitoption as options
from pg_ts_dict d
join pg_namespace n on n.oid = d.dictnamespace
join pg_ts_template t on t.oid = d.dicttemplate
join pg_namespace tn on tn.oid = t.tmplnamespace
where d.oid >= 16384
  and n.nspname <> 'dataio_meta'
  and n.nspname !~ '^pg_(toast_)?temp_'
  and not exists (
      select from pg_depend x where x.classid = 'pg_ts_dict'::regclass and x.objid = d.oid and x.deptype = 'e'
  )
