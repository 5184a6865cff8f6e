SELECT c.oid AS objid, 0 AS objsubid, ARRAY[n.nspname, c.relname]::text[] AS path
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'c' AND c.oid >= 16384
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND c.reltype NOT IN (SELECT objid FROM pg_depend WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
                        AND classid = 'pg_type'::regclass)
