SELECT NULL::oid AS objid, NULL::int4 AS objsubid, ARRAY[n.nspname, c.relname]::text[] AS path,
       CASE c.relreplident WHEN 'n' THEN 'nothing' WHEN 'f' THEN 'full' ELSE 'index' END AS identity,
       ic.relname::text AS index
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_index i ON c.relreplident = 'i' AND i.indrelid = c.oid AND i.indisreplident
LEFT JOIN pg_class ic ON ic.oid = i.indexrelid
WHERE c.relkind IN ('r', 'p', 'm') AND c.relreplident <> 'd' AND c.oid >= 16384
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND c.oid NOT IN (SELECT objid FROM pg_depend WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
                    AND classid = 'pg_class'::regclass)
