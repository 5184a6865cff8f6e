select c.oid::bigint, coalesce(pg_catalog.pg_table_size(c.oid), 0)
  from pg_catalog.pg_class c
 where c.oid = any(%s::oid[])
