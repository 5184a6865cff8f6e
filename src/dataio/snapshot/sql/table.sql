select c.oid as objid, 0 as objsubid, array[n.nspname, c.relname]::text[] as path,
       case c.relpersistence when 'u' then 'unlogged' else 'permanent' end as persistence,
       case when c.relkind = 'p' then am.amname else nullif(am.amname, 'heap') end::text as access_method,
       ts.spcname::text as tablespace,
       case when c.reloptions is null and toast.reloptions is null then '{}' else
           (select array_agg(o order by o collate "C")
            from (select unnest(c.reloptions) union all select 'toast.' || unnest(toast.reloptions)) x(o)) end as options,
       c.relrowsecurity as row_security,
       c.relforcerowsecurity as force_row_security,
       case c.relkind when 'p' then pg_get_partkeydef(c.oid) end as partition_key,
       case when c.reloftype <> 0 then format_type(c.reloftype, null) end as of_type,
       coalesce(c.reloptions, '{}') || array(select 'toast.' || o from unnest(toast.reloptions) o) as option_order
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
left join pg_am am on am.oid = c.relam
left join pg_tablespace ts on ts.oid = c.reltablespace
left join pg_class toast on toast.oid = c.reltoastrelid and toast.reloptions is not null
where c.relkind in ('r', 'p') and c.oid >= 16384
  and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and c.oid not in (select objid from pg_depend where refclassid = 'pg_extension'::regclass and deptype = 'e'
                    and classid = 'pg_class'::regclass)
