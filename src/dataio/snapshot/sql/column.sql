select c.oid as objid, a.attnum::int4 as objsubid, array[n.nspname, c.relname, a.attname]::text[] as path,
       format_type(a.atttypid, a.atttypmod) as type,
       case when a.attcollation <> t.typcollation and a.attcollation <> 0 then
           (select array[cn.nspname, co.collname]::text[] from pg_collation co
            join pg_namespace cn on cn.oid = co.collnamespace where co.oid = a.attcollation) end as collation,
       case a.attgenerated when 's' then 'stored' when 'v' then 'virtual' end as generated,
       case when a.attgenerated <> '' then
           (select pg_get_expr(d.adbin, d.adrelid) from pg_attrdef d
            where d.adrelid = a.attrelid and d.adnum = a.attnum) end as expression,
       case when a.attstorage <> t.typstorage then
           case a.attstorage when 'p' then 'plain' when 'e' then 'external' when 'x' then 'extended'
                             when 'm' then 'main' end end as storage,
       case a.attcompression when 'p' then 'pglz' when 'l' then 'lz4' end as compression, -- >=14
       null::text as compression, -- <14
       nullif(a.attstattarget, -1)::int4 as statistics,
       case when a.attoptions is null then '{}' else
           (select array_agg(o order by o collate "C") from unnest(a.attoptions) o) end as options,
       coalesce(a.attoptions, '{}') as option_order,
       case when a.attfdwoptions is null then '{}' else
           (select array_agg(o order by o collate "C") from unnest(a.attfdwoptions) o) end as fdw_options,
       a.attislocal and not (c.relispartition and a.attinhcount > 0) as is_local,
       a.attinhcount::int4 as inherited,
       a.attnum::int4 as position
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
join pg_type t on t.oid = a.atttypid
where c.relkind in ('r', 'p', 'f') and c.oid >= 16384
  and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and c.oid not in (select objid from pg_depend where refclassid = 'pg_extension'::regclass and deptype = 'e'
                    and classid = 'pg_class'::regclass)
