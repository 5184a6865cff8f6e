-- Which tables of ours are there, and whether this role may read them.
SELECT c.relname, has_schema_privilege(n.oid, 'usage') AND has_table_privilege(c.oid, 'select')
FROM pg_catalog.pg_namespace n
JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid
WHERE n.nspname = 'dataio_meta' AND c.relname IN ('migration', 'segment', 'rollback')
