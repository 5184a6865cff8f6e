-- Schemas whose tables a publication publishes (FOR TABLES IN SCHEMA).
select r.oid as objid, -- >=15
       0 as objsubid, -- >=15
       array[p.pubname, n.nspname]::text[] as path -- >=15
from pg_publication_namespace r -- >=15
join pg_publication p on p.oid = r.pnpubid -- >=15
join pg_namespace n on n.oid = r.pnnspid -- >=15
where p.oid >= 16384 -- >=15
  and n.nspname <> 'dataio_meta' -- >=15
  and not exists ( -- >=15
      select from pg_depend x -- >=15
      where x.classid = 'pg_publication'::regclass and x.objid = p.oid and x.deptype = 'e' -- >=15
  ) -- >=15
select null::oid as objid, null::int as objsubid, null::text[] as path where false -- <15
