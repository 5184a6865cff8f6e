-- Text search templates.
select t.oid as objid,
       0 as objsubid,
       array[n.nspname, t.tmplname]::text[] as path,
       case when i.oid is not null then quote_ident(inn.nspname) || '.' || quote_ident(i.proname) end as init,
       quote_ident(ln.nspname) || '.' || quote_ident(l.proname) as lexize
from pg_ts_template t
join pg_namespace n on n.oid = t.tmplnamespace
join pg_proc l on l.oid = t.tmpllexize
join pg_namespace ln on ln.oid = l.pronamespace
left join pg_proc i on i.oid = t.tmplinit
left join pg_namespace inn on inn.oid = i.pronamespace
where t.oid >= 16384
  and n.nspname <> 'dataio_meta'
  and n.nspname !~ '^pg_(toast_)?temp_'
  and not exists (
      select from pg_depend x where x.classid = 'pg_ts_template'::regclass and x.objid = t.oid and x.deptype = 'e'
  )
