SELECT NULL::oid AS objid, NULL::int4 AS objsubid, ARRAY[n.nspname, c.relname]::text[] AS path,
       ARRAY[tn.nspname, t.relname, a.attname]::text[] AS "column"
FROM pg_sequence s
JOIN pg_class c ON c.oid = s.seqrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = s.seqrelid AND d.objsubid = 0
                AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0 AND d.deptype = 'a'
JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
JOIN pg_class t ON t.oid = a.attrelid
JOIN pg_namespace tn ON tn.oid = t.relnamespace
WHERE c.oid >= 16384
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND c.oid NOT IN (SELECT objid FROM pg_depend WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
                    AND classid = 'pg_class'::regclass)
