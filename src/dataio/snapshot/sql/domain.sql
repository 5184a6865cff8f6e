-- Domains. Over a base type that has a default, a domain's is text without an expression (typdefault): both are read.
select t.oid as objid,
       0 as objsubid,
       array[n.nspname, t.typname]::text[] as path,
       format_type(t.typbasetype, t.typtypmod) as type,
       case when c.oid is not null then array[cn.nspname, c.collname]::text[] end as collation,
       coalesce(pg_get_expr(t.typdefaultbin, 0), quote_literal(t.typdefault)) as default,
       t.typnotnull as not_null,
       nn.conname::text as not_null_name, -- >=17
       obj_description(nn.oid, 'pg_constraint') as not_null_comment -- >=17
       null::text as not_null_name, null::text as not_null_comment -- <17
from pg_type t
join pg_namespace n on n.oid = t.typnamespace
join pg_type b on b.oid = t.typbasetype
left join pg_collation c on c.oid = t.typcollation and t.typcollation <> b.typcollation
left join pg_namespace cn on cn.oid = c.collnamespace
left join pg_constraint nn on nn.contypid = t.oid and nn.contype = 'n' -- >=17
where t.typtype = 'd'
  and t.oid >= 16384
  and n.nspname <> 'dataio_meta'
  and n.nspname !~ '^pg_(toast_)?temp_'
  and not exists (
      select from pg_depend x where x.classid = 'pg_type'::regclass and x.objid = t.oid and x.deptype = 'e'
  )
