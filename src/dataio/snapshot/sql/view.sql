SELECT c.oid AS objid, 0 AS objsubid, ARRAY[n.nspname, c.relname]::text[] AS path,
       pg_get_viewdef(c.oid) AS definition,
       CASE WHEN c.reloptions IS NULL THEN '{}' ELSE
           (SELECT array_agg(o ORDER BY o COLLATE "C") FROM unnest(c.reloptions) o) END AS options,
       (SELECT jsonb_agg(jsonb_build_array(a.attname, format_type(a.atttypid, a.atttypmod),
                   CASE WHEN a.attcollation <> t.typcollation AND a.attcollation <> 0 THEN
                       (SELECT jsonb_build_array(cn.nspname, co.collname) FROM pg_collation co
                        JOIN pg_namespace cn ON cn.oid = co.collnamespace WHERE co.oid = a.attcollation) END)
               ORDER BY a.attnum)
        FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'v' AND c.oid >= 16384
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND c.oid NOT IN (SELECT objid FROM pg_depend WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
                    AND classid = 'pg_class'::regclass)
