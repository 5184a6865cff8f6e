SELECT t.oid AS objid, 0 AS objsubid, ARRAY[n.nspname, c.relname, t.tgname]::text[] AS path,
       pg_get_triggerdef(t.oid) AS definition,
       CASE t.tgenabled WHEN 'O' THEN 'origin' WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'replica'
                        ELSE 'always' END AS enabled,
       t.tgparentid <> 0 AS cloned,
       ARRAY[pn.nspname, p.proname]::text[] AS function,
       t.tgconstraint <> 0 AS "constraint"
FROM pg_trigger t
JOIN pg_proc p ON p.oid = t.tgfoid
JOIN pg_namespace pn ON pn.oid = p.pronamespace
JOIN pg_class c ON c.oid = t.tgrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.oid >= 16384
  AND NOT t.tgisinternal -- >=15
  AND (NOT t.tgisinternal OR t.tgparentid <> 0) -- <15
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND c.oid NOT IN (SELECT objid FROM pg_depend WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
                    AND classid = 'pg_class'::regclass)
