-- tables by OID, as they are written
SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname)
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.oid = ANY (%(oids)s::oid[]) AND c.relkind IN ('r', 'p')
 ORDER BY 1
