select coalesce(sum(hashtextextended(oid::text || ':' || pg_catalog.md5(pg_catalog.lo_get(oid)), 0)), 0)::text
  from pg_catalog.pg_largeobject_metadata
