-- Cached templates, the longest unused first.
select d.datname::text as name, coalesce(pg_catalog.shobj_description(d.oid, 'pg_database'), '') as used
  from pg_catalog.pg_database d
 where starts_with(d.datname, %(prefix)s) and pg_catalog.pg_has_role(d.datdba, 'USAGE')
 order by used, name
