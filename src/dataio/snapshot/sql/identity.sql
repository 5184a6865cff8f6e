SELECT sc.oid AS objid, 0 AS objsubid, ARRAY[n.nspname, c.relname, a.attname]::text[] AS path,
       CASE a.attidentity WHEN 'a' THEN 'always' ELSE 'by default' END AS generation,
       ARRAY[sn.nspname, sc.relname]::text[] AS sequence,
       format_type(s.seqtypid, NULL) AS type, s.seqstart AS start, s.seqincrement AS increment, s.seqmin AS minimum,
       s.seqmax AS maximum, s.seqcache AS cache, s.seqcycle AS cycle,
       CASE sc.relpersistence WHEN 'u' THEN 'unlogged' ELSE 'permanent' END AS persistence
FROM pg_sequence s
JOIN pg_class sc ON sc.oid = s.seqrelid
JOIN pg_namespace sn ON sn.oid = sc.relnamespace
JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = s.seqrelid AND d.objsubid = 0
                AND d.refclassid = 'pg_class'::regclass AND d.deptype = 'i'
JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.oid >= 16384
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND c.oid NOT IN (SELECT objid FROM pg_depend WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
                    AND classid = 'pg_class'::regclass)
