SELECT s.oid AS objid, 0 AS objsubid, ARRAY[n.nspname, s.stxname]::text[] AS path,
       pg_get_statisticsobjdef(s.oid) AS definition,
       ARRAY[cn.nspname, c.relname]::text[] AS "table",
       nullif(s.stxstattarget, -1)::int4 AS target
FROM pg_statistic_ext s
JOIN pg_namespace n ON n.oid = s.stxnamespace
JOIN pg_class c ON c.oid = s.stxrelid
JOIN pg_namespace cn ON cn.oid = c.relnamespace
WHERE s.oid >= 16384
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND s.oid NOT IN (SELECT objid FROM pg_depend WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
                    AND classid = 'pg_statistic_ext'::regclass)
