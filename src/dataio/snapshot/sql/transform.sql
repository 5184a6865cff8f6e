-- Transforms between a type and a procedural language.
select t.oid as objid,
       0 as objsubid,
       array[format_type(t.trftype, null), l.lanname]::text[] as path,
       case when f.oid is not null
           then quote_ident(fn.nspname) || '.' || quote_ident(f.proname) || '(' || oidvectortypes(f.proargtypes) || ')'
       end as from_sql,
       case when g.oid is not null
           then quote_ident(gn.nspname) || '.' || quote_ident(g.proname) || '(' || oidvectortypes(g.proargtypes) || ')'
       end as to_sql
from pg_transform t
join pg_language l on l.oid = t.trflang
left join pg_proc f on f.oid = t.trffromsql
left join pg_namespace fn on fn.oid = f.pronamespace
left join pg_proc g on g.oid = t.trftosql
left join pg_namespace gn on gn.oid = g.pronamespace
where t.oid >= 16384
  and not exists (
      select from pg_depend x where x.classid = 'pg_transform'::regclass and x.objid = t.oid and x.deptype = 'e'
  )
