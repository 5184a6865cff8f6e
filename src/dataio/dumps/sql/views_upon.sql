-- Views and materialized views that read any of the relations, or read such a view.
with recursive upon (oid) as (
    select unnest(%s::pg_catalog.oid[])
     union
    select r.ev_class
      from upon
      join pg_catalog.pg_depend d on d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.refobjid = upon.oid
       and d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass
      join pg_catalog.pg_rewrite r on r.oid = d.objid
)
select n.nspname::text, c.relname::text
  from upon
  join pg_catalog.pg_class c on c.oid = upon.oid
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
 where c.relkind in ('v', 'm')
 order by 1, 2
