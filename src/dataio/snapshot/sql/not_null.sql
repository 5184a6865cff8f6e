-- A partition inherits: that it may have declared the same itself is lost by the next dump and restore.
select
       co.oid as objid, 0 as objsubid, -- >=18
       null::oid as objid, null::int4 as objsubid, -- <18
       array[n.nspname, c.relname, a.attname]::text[] as path,
       co.conname::text as name, co.connoinherit as no_inherit, co.convalidated as validated, -- >=18
       co.conislocal and not (c.relispartition and co.coninhcount > 0) as is_local, -- >=18
       co.coninhcount::int4 as inherited -- >=18
       null::text as name, false as no_inherit, true as validated, true as is_local, 0 as inherited -- <18
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
join pg_constraint co on co.conrelid = c.oid and co.contype = 'n' -- >=18
join pg_attribute a on a.attrelid = c.oid and a.attnum = co.conkey[1] -- >=18
join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and a.attnotnull and not a.attisdropped -- <18
where c.relkind in ('r', 'p', 'f') and c.oid >= 16384
  and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and c.oid not in (select objid from pg_depend where refclassid = 'pg_extension'::regclass and deptype = 'e'
                    and classid = 'pg_class'::regclass)
