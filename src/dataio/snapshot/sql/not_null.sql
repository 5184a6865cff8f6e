SELECT
       co.oid AS objid, 0 AS objsubid, -- >=18
       NULL::oid AS objid, NULL::int4 AS objsubid, -- <18
       ARRAY[n.nspname, c.relname, a.attname]::text[] AS path,
       co.conname::text AS name, co.connoinherit AS no_inherit, co.convalidated AS validated, -- >=18
       co.conislocal AS is_local, co.coninhcount::int4 AS inherited -- >=18
       NULL::text AS name, false AS no_inherit, true AS validated, true AS is_local, 0 AS inherited -- <18
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_constraint co ON co.conrelid = c.oid AND co.contype = 'n' -- >=18
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = co.conkey[1] -- >=18
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND a.attnotnull AND NOT a.attisdropped -- <18
WHERE c.relkind IN ('r', 'p', 'f') AND c.oid >= 16384
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND c.oid NOT IN (SELECT objid FROM pg_depend WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
                    AND classid = 'pg_class'::regclass)
