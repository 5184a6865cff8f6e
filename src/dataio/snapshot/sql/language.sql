-- Procedural languages that no extension brought.
select l.oid as objid,
       0 as objsubid,
       array[l.lanname]::text[] as path,
       l.lanpltrusted as trusted,
       case when h.oid is not null then quote_ident(hn.nspname) || '.' || quote_ident(h.proname) end as handler,
       case when i.oid is not null then quote_ident(inn.nspname) || '.' || quote_ident(i.proname) end as inline,
       case when v.oid is not null then quote_ident(vn.nspname) || '.' || quote_ident(v.proname) end as validator
from pg_language l
left join pg_proc h on h.oid = l.lanplcallfoid
left join pg_namespace hn on hn.oid = h.pronamespace
left join pg_proc i on i.oid = l.laninline
left join pg_namespace inn on inn.oid = i.pronamespace
left join pg_proc v on v.oid = l.lanvalidator
left join pg_namespace vn on vn.oid = v.pronamespace
where l.oid >= 16384
  and not exists (
      select from pg_depend x where x.classid = 'pg_language'::regclass and x.objid = l.oid and x.deptype = 'e'
  )
