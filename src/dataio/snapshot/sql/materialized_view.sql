select c.oid as objid, 0 as objsubid, array[n.nspname, c.relname]::text[] as path,
       pg_get_viewdef(c.oid) as definition,
       case when c.reloptions is null and toast.reloptions is null then '{}' else
           (select array_agg(o order by o collate "C")
            from (select unnest(c.reloptions) union all select 'toast.' || unnest(toast.reloptions)) x(o)) end as options,
       coalesce(c.reloptions, '{}') || array(select 'toast.' || o from unnest(toast.reloptions) o) as option_order,
       (select jsonb_agg(jsonb_build_array(a.attname, format_type(a.atttypid, a.atttypmod),
                   case when a.attcollation <> t.typcollation and a.attcollation <> 0 then
                       (select jsonb_build_array(cn.nspname, co.collname) from pg_collation co
                        join pg_namespace cn on cn.oid = co.collnamespace where co.oid = a.attcollation) end)
               order by a.attnum)
        from pg_attribute a join pg_type t on t.oid = a.atttypid
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
       nullif(am.amname, 'heap')::text as access_method,
       ts.spcname::text as tablespace,
       (select coalesce(jsonb_agg(jsonb_build_array(a.attname, o.option) order by a.attnum, o.option collate "C"), '[]')
        from pg_attribute a join pg_type t on t.oid = a.atttypid
        cross join lateral (
            select 'storage=' || case a.attstorage when 'p' then 'plain' when 'e' then 'external'
                                                   when 'x' then 'extended' else 'main' end
            where a.attstorage <> t.typstorage
            union all select 'compression=' || case a.attcompression when 'p' then 'pglz' else 'lz4' end -- >=14
            where a.attcompression in ('p', 'l') -- >=14
            union all select 'statistics=' || a.attstattarget where a.attstattarget >= 0
            union all select unnest(a.attoptions)) o(option)
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as column_options,
       c.relispopulated as populated
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
left join pg_am am on am.oid = c.relam
left join pg_tablespace ts on ts.oid = c.reltablespace
left join pg_class toast on toast.oid = c.reltoastrelid and toast.reloptions is not null
where c.relkind = 'm' and c.oid >= 16384
  and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and c.oid not in (select objid from pg_depend where refclassid = 'pg_extension'::regclass and deptype = 'e'
                    and classid = 'pg_class'::regclass)
