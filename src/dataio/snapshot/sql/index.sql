SELECT ic.oid AS objid, 0 AS objsubid, ARRAY[n.nspname, ic.relname]::text[] AS path,
       ARRAY[n.nspname, c.relname]::text[] AS "table",
       pg_get_indexdef(i.indexrelid) AS definition,
       i.indisunique AS unique,
       am.amname::text AS method,
       ts.spcname::text AS tablespace,
       CASE WHEN i.indexprs IS NULL THEN '{}' ELSE
           ARRAY(SELECT a.attnum || '=' || a.attstattarget FROM pg_attribute a
                 WHERE a.attrelid = i.indexrelid AND a.attstattarget >= 0 ORDER BY a.attnum) END AS statistics,
       CASE WHEN pc.oid IS NOT NULL THEN ARRAY[pn.nspname, pc.relname]::text[] END AS parent,
       i.indisvalid AS valid,
       ARRAY(SELECT a.attname::text FROM unnest(i.indkey) WITH ORDINALITY k(attnum, i)
             JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum ORDER BY k.i) AS columns
FROM pg_index i
JOIN pg_class ic ON ic.oid = i.indexrelid
JOIN pg_class c ON c.oid = i.indrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_am am ON am.oid = ic.relam
LEFT JOIN pg_tablespace ts ON ts.oid = ic.reltablespace
LEFT JOIN pg_inherits h ON h.inhrelid = i.indexrelid
LEFT JOIN pg_class pc ON pc.oid = h.inhparent
LEFT JOIN pg_namespace pn ON pn.oid = pc.relnamespace
WHERE i.indrelid >= 16384
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND i.indexrelid NOT IN (SELECT conindid FROM pg_constraint WHERE contype IN ('p', 'u', 'x'))
  AND c.oid NOT IN (SELECT objid FROM pg_depend WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
                    AND classid = 'pg_class'::regclass)
