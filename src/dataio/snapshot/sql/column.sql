SELECT c.oid AS objid, a.attnum::int4 AS objsubid, ARRAY[n.nspname, c.relname, a.attname]::text[] AS path,
       format_type(a.atttypid, a.atttypmod) AS type,
       CASE WHEN a.attcollation <> t.typcollation AND a.attcollation <> 0 THEN
           (SELECT ARRAY[cn.nspname, co.collname]::text[] FROM pg_collation co
            JOIN pg_namespace cn ON cn.oid = co.collnamespace WHERE co.oid = a.attcollation) END AS collation,
       CASE a.attgenerated WHEN 's' THEN 'stored' WHEN 'v' THEN 'virtual' END AS generated,
       CASE WHEN a.attgenerated <> '' THEN
           (SELECT pg_get_expr(d.adbin, d.adrelid) FROM pg_attrdef d
            WHERE d.adrelid = a.attrelid AND d.adnum = a.attnum) END AS expression,
       CASE WHEN a.attstorage <> t.typstorage THEN
           CASE a.attstorage WHEN 'p' THEN 'plain' WHEN 'e' THEN 'external' WHEN 'x' THEN 'extended'
                             WHEN 'm' THEN 'main' END END AS storage,
       CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END AS compression, -- >=14
       NULL::text AS compression, -- <14
       nullif(a.attstattarget, -1)::int4 AS statistics,
       CASE WHEN a.attoptions IS NULL THEN '{}' ELSE
           (SELECT array_agg(o ORDER BY o COLLATE "C") FROM unnest(a.attoptions) o) END AS options,
       CASE WHEN a.attfdwoptions IS NULL THEN '{}' ELSE
           (SELECT array_agg(o ORDER BY o COLLATE "C") FROM unnest(a.attfdwoptions) o) END AS fdw_options,
       a.attislocal AS is_local,
       a.attinhcount::int4 AS inherited,
       a.attnum::int4 AS position
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_type t ON t.oid = a.atttypid
WHERE c.relkind IN ('r', 'p', 'f') AND c.oid >= 16384
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND c.oid NOT IN (SELECT objid FROM pg_depend WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
                    AND classid = 'pg_class'::regclass)
