select c.oid as objid, 0 as objsubid, array[n.nspname, c.relname]::text[] as path,
       pg_get_viewdef(c.oid) as definition,
       case when c.reloptions is null then '{}' else
           (select array_agg(o order by o collate "C") from unnest(c.reloptions) o) end as options,
       coalesce(c.reloptions, '{}') as option_order,
       (select jsonb_agg(jsonb_build_array(a.attname, format_type(a.atttypid, a.atttypmod),
                   case when a.attcollation <> t.typcollation and a.attcollation <> 0 then
                       (select jsonb_build_array(cn.nspname, co.collname) from pg_collation co
                        join pg_namespace cn on cn.oid = co.collnamespace where co.oid = a.attcollation) end)
               order by a.attnum)
        from pg_attribute a join pg_type t on t.oid = a.atttypid
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where c.relkind = 'v' and c.oid >= 16384
  and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and c.oid not in (select objid from pg_depend where refclassid = 'pg_extension'::regclass and deptype = 'e'
                    and classid = 'pg_class'::regclass)
