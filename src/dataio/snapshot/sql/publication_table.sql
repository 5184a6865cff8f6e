-- Tables that publications name. A column list is a set: by name, so that column order is no difference.
select r.oid as objid,
       0 as objsubid,
       array[p.pubname, n.nspname, c.relname]::text[] as path,
       case when r.prattrs is not null then ( -- >=15
           select array_agg(a.attname::text order by a.attname::text collate "C") -- >=15
           from pg_attribute a -- >=15
           where a.attrelid = r.prrelid and a.attnum = any (r.prattrs) -- >=15
       ) end as columns, -- >=15
       pg_get_expr(r.prqual, r.prrelid) as where -- >=15
       null::text[] as columns, -- <15
       null::text as where -- <15
from pg_publication_rel r
join pg_publication p on p.oid = r.prpubid
join pg_class c on c.oid = r.prrelid
join pg_namespace n on n.oid = c.relnamespace
where p.oid >= 16384
  and n.nspname <> 'dataio_meta'
  and not exists (
      select from pg_depend x where x.classid = 'pg_publication'::regclass and x.objid = p.oid and x.deptype = 'e'
  )
