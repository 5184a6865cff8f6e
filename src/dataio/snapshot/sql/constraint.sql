-- connoinherit of index-backed constraints depends on how they came about, not on what they are: only CHECK counts.
-- A foreign key to a partitioned table has a hidden copy per partition of that table: these are left out.
SELECT co.oid AS objid, 0 AS objsubid, ARRAY[n.nspname, c.relname, co.conname]::text[] AS path,
       CASE co.contype WHEN 'c' THEN 'check' WHEN 'p' THEN 'primary key' WHEN 'u' THEN 'unique'
                       WHEN 'f' THEN 'foreign key' WHEN 'x' THEN 'exclude' END AS type,
       pg_get_constraintdef(co.oid) AS definition,
       co.condeferrable AS deferrable, co.condeferred AS deferred, co.convalidated AS validated,
       co.conenforced AS enforced, -- >=18
       true AS enforced, -- <18
       co.contype = 'c' AND co.connoinherit AS no_inherit,
       co.conislocal AS is_local, co.coninhcount::int4 AS inherited,
       CASE WHEN p.oid IS NOT NULL THEN ARRAY[pn.nspname, pc.relname, p.conname]::text[] END AS parent,
       CASE WHEN co.contype = 'f' THEN ARRAY[rn.nspname, rc.relname]::text[] END AS references,
       CASE WHEN co.conkey IS NULL THEN '{}' ELSE
           ARRAY(SELECT a.attname::text FROM unnest(co.conkey) WITH ORDINALITY k(attnum, i)
                 JOIN pg_attribute a ON a.attrelid = co.conrelid AND a.attnum = k.attnum ORDER BY k.i) END AS columns,
       CASE WHEN ic.reloptions IS NULL THEN '{}' ELSE
           (SELECT array_agg(o ORDER BY o COLLATE "C") FROM unnest(ic.reloptions) o) END AS index_options,
       ts.spcname::text AS index_tablespace
FROM pg_constraint co
JOIN pg_class c ON c.oid = co.conrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_constraint p ON p.oid = co.conparentid
LEFT JOIN pg_class pc ON pc.oid = p.conrelid
LEFT JOIN pg_namespace pn ON pn.oid = pc.relnamespace
LEFT JOIN pg_class rc ON rc.oid = co.confrelid
LEFT JOIN pg_namespace rn ON rn.oid = rc.relnamespace
LEFT JOIN pg_class ic ON ic.oid = co.conindid AND co.contype IN ('p', 'u', 'x')
LEFT JOIN pg_tablespace ts ON ts.oid = ic.reltablespace
WHERE co.contype IN ('c', 'p', 'u', 'f', 'x') AND co.conrelid >= 16384
  AND (p.oid IS NULL OR p.conrelid <> co.conrelid AND p.confrelid = co.confrelid)
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND c.oid NOT IN (SELECT objid FROM pg_depend WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
                    AND classid = 'pg_class'::regclass)
