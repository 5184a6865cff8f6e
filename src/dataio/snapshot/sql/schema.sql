SELECT n.oid AS objid, 0 AS objsubid, ARRAY[n.nspname]::text[] AS path
FROM pg_namespace n
WHERE (n.oid >= 16384 OR n.nspname = 'public')
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND n.oid NOT IN (SELECT objid FROM pg_depend WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
                    AND classid = 'pg_namespace'::regclass)
