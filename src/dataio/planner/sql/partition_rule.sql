-- what a partition's bound asks of its rows, in the desired database, and who is above it, by OID
SELECT pg_get_partition_constraintdef(p.oid),
       (SELECT jsonb_object_agg(c.oid, jsonb_build_array(n.nspname, c.relname))
          FROM pg_partition_ancestors(p.oid) a
          JOIN pg_class c ON c.oid = a.relid
          JOIN pg_namespace n ON n.oid = c.relnamespace)
  FROM (SELECT %(table)s::regclass AS oid) p
