SELECT c.oid AS objid, 0 AS objsubid, ARRAY[n.nspname, c.relname]::text[] AS path,
       pg_get_viewdef(c.oid) AS definition,
       CASE WHEN c.reloptions IS NULL AND toast.reloptions IS NULL THEN '{}' ELSE
           (SELECT array_agg(o ORDER BY o COLLATE "C")
            FROM (SELECT unnest(c.reloptions) UNION ALL SELECT 'toast.' || unnest(toast.reloptions)) x(o)) END AS options,
       (SELECT jsonb_agg(jsonb_build_array(a.attname, format_type(a.atttypid, a.atttypmod),
                   CASE WHEN a.attcollation <> t.typcollation AND a.attcollation <> 0 THEN
                       (SELECT jsonb_build_array(cn.nspname, co.collname) FROM pg_collation co
                        JOIN pg_namespace cn ON cn.oid = co.collnamespace WHERE co.oid = a.attcollation) END)
               ORDER BY a.attnum)
        FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns,
       nullif(am.amname, 'heap')::text AS access_method,
       ts.spcname::text AS tablespace,
       (SELECT coalesce(jsonb_agg(jsonb_build_array(a.attname, o.option) ORDER BY a.attnum, o.option COLLATE "C"), '[]')
        FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
        CROSS JOIN LATERAL (
            SELECT 'storage=' || CASE a.attstorage WHEN 'p' THEN 'plain' WHEN 'e' THEN 'external'
                                                   WHEN 'x' THEN 'extended' ELSE 'main' END
            WHERE a.attstorage <> t.typstorage
            UNION ALL SELECT 'compression=' || CASE a.attcompression WHEN 'p' THEN 'pglz' ELSE 'lz4' END -- >=14
            WHERE a.attcompression IN ('p', 'l') -- >=14
            UNION ALL SELECT 'statistics=' || a.attstattarget WHERE a.attstattarget >= 0
            UNION ALL SELECT unnest(a.attoptions)) o(option)
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS column_options,
       c.relispopulated AS populated
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_am am ON am.oid = c.relam
LEFT JOIN pg_tablespace ts ON ts.oid = c.reltablespace
LEFT JOIN pg_class toast ON toast.oid = c.reltoastrelid AND toast.reloptions IS NOT NULL
WHERE c.relkind = 'm' AND c.oid >= 16384
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND c.oid NOT IN (SELECT objid FROM pg_depend WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
                    AND classid = 'pg_class'::regclass)
