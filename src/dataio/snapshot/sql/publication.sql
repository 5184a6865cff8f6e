-- Publications.
select p.oid as objid,
       0 as objsubid,
       array[p.pubname]::text[] as path,
       p.puballtables as all_tables,
       array_remove(array[
           case when p.pubinsert then 'insert' end,
           case when p.pubupdate then 'update' end,
           case when p.pubdelete then 'delete' end,
           case when p.pubtruncate then 'truncate' end
       ], null) as publish,
       p.pubviaroot as via_root,
       case p.pubgencols when 'n' then 'none' when 's' then 'stored' end as generated -- >=18
       null::text as generated -- <18
from pg_publication p
where p.oid >= 16384
  and not exists (
      select from pg_depend x where x.classid = 'pg_publication'::regclass and x.objid = p.oid and x.deptype = 'e'
  )
