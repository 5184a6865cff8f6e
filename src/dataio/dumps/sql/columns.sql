select attrelid::bigint, pg_catalog.array_agg(attname::text order by attname::text collate "C")
  from pg_catalog.pg_attribute
 where attnum > 0 and not attisdropped and attrelid = any(%s::oid[])
 group by attrelid
