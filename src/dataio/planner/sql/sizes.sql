-- how big what will be touched is on the target; %(names)s: qualified names
SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS name,
       CASE WHEN c.reltuples < 0 THEN NULL ELSE c.reltuples::int8 END AS rows,
       pg_total_relation_size(c.oid)::int8 AS bytes
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE quote_ident(n.nspname) || '.' || quote_ident(c.relname) = ANY (%(names)s)
