SELECT e.oid AS objid, 0 AS objsubid, ARRAY[e.extname]::text[] AS path,
       e.extversion AS version, n.nspname::text AS schema, e.extrelocatable AS relocatable
FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
WHERE e.oid >= 16384
