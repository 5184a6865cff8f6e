-- The columns of all tables (a partitioned one stands for its partitions), with what a diagram marks them by.
SELECT n.nspname,
       c.relname,
       a.attname,
       pg_catalog.format_type(a.atttypid, a.atttypmod),
       coalesce(k.primary_key, false),
       coalesce(k.foreign_key, false),
       coalesce(k.unique_alone, false),
       NOT a.attnotnull
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN (
      SELECT k.conrelid, column_number,
             bool_or(k.contype = 'p') AS primary_key,
             bool_or(k.contype = 'f') AS foreign_key,
             bool_or(k.contype = 'u' AND cardinality(k.conkey) = 1) AS unique_alone
        FROM pg_catalog.pg_constraint k, unnest(k.conkey) column_number
       WHERE k.contype IN ('p', 'f', 'u')
       GROUP BY k.conrelid, column_number
  ) k ON k.conrelid = c.oid AND k.column_number = a.attnum
 WHERE c.relkind IN ('r', 'p', 'f')
   AND NOT c.relispartition
   AND n.nspname NOT LIKE 'pg\_%' AND n.nspname NOT IN ('information_schema', 'dataio_meta')
 ORDER BY n.nspname, c.relname, a.attnum
