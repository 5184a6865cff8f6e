-- Collations. Before 15 the ICU locale stood where libc's do.
select c.oid as objid,
       0 as objsubid,
       array[n.nspname, c.collname]::text[] as path,
       case c.collprovider when 'c' then 'libc' when 'i' then 'icu' when 'b' then 'builtin' when 'd' then 'default' end
           as provider,
       c.collcollate::text as lc_collate, -- >=15
       c.collctype::text as lc_ctype, -- >=15
       case when c.collprovider <> 'i' then c.collcollate::text end as lc_collate, -- <15
       case when c.collprovider <> 'i' then c.collctype::text end as lc_ctype, -- <15
       c.colllocale as locale, -- >=17
       c.colliculocale as locale, -- >=15 <17
       case when c.collprovider = 'i' then c.collcollate::text end as locale, -- <15
       c.collicurules as rules, -- >=16
       null::text as rules, -- <16
       c.collisdeterministic as deterministic
from pg_collation c
join pg_namespace n on n.oid = c.collnamespace
where c.oid >= 16384
  and n.nspname <> 'dataio_meta'
  and n.nspname !~ '^pg_(toast_)?temp_'
  and not exists (
      select from pg_depend x where x.classid = 'pg_collation'::regclass and x.objid = c.oid and x.deptype = 'e'
  )
