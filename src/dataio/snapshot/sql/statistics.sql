-- PostgreSQL lists the columns as the table has them, which no statement can change: here they stand by name.
select s.oid as objid, 0 as objsubid, array[n.nspname, s.stxname]::text[] as path,
       replace(pg_get_statisticsobjdef(s.oid), ' ON ' || k.by_position, ' ON ' || k.by_name) as definition,
       array[cn.nspname, c.relname]::text[] as "table",
       nullif(s.stxstattarget, -1)::int4 as target
from pg_statistic_ext s
join pg_namespace n on n.oid = s.stxnamespace
join pg_class c on c.oid = s.stxrelid
join pg_namespace cn on cn.oid = c.relnamespace
cross join lateral (
    select coalesce(string_agg(quote_ident(a.attname), ', ' order by a.attnum), '') as by_position,
           coalesce(string_agg(quote_ident(a.attname), ', ' order by a.attname), '') as by_name
    from pg_attribute a where a.attrelid = s.stxrelid and a.attnum = any (s.stxkeys::int2[])
) k
where s.oid >= 16384
  and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and s.oid not in (select objid from pg_depend where refclassid = 'pg_extension'::regclass and deptype = 'e'
                    and classid = 'pg_statistic_ext'::regclass)
