-- what constraints and unique indexes ask of rows, as the desired database has them
SELECT n.nspname::text AS schema,
       t.relname::text AS table,
       coalesce(c.conname, i.relname)::text AS name,
       CASE WHEN c.oid IS NULL THEN 'unique'
            ELSE CASE c.contype WHEN 'p' THEN 'primary key' WHEN 'u' THEN 'unique' WHEN 'x' THEN 'exclude'
                                WHEN 'f' THEN 'foreign key' WHEN 'c' THEN 'check' END END AS type,
       CASE WHEN c.contype = 'c' THEN pg_get_expr(c.conbin, c.conrelid) END AS expression,
       CASE WHEN x.indexrelid IS NOT NULL THEN
           (SELECT array_agg(pg_get_indexdef(x.indexrelid, k, false) ORDER BY k)
              FROM generate_series(1, x.indnkeyatts) k) END AS keys,
       (SELECT array_agg('OPERATOR(' || quote_ident(on_.nspname) || '.' || o.oprname || ')' ORDER BY u.ord)
          FROM unnest(c.conexclop) WITH ORDINALITY u(op, ord)
          JOIN pg_operator o ON o.oid = u.op
          JOIN pg_namespace on_ ON on_.oid = o.oprnamespace) AS operators,
       pg_get_expr(x.indpred, x.indrelid) AS predicate,
       coalesce((to_jsonb(x) ->> 'indnullsnotdistinct')::boolean, false) AS nulls_not_distinct,
       coalesce((to_jsonb(c) ->> 'conperiod')::boolean, false) AS period,
       (SELECT array_agg(quote_ident(a.attname) ORDER BY u.ord)
          FROM unnest(c.conkey) WITH ORDINALITY u(num, ord)
          JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = u.num) AS columns,
       (SELECT array_agg(quote_ident(a.attname) ORDER BY u.ord)
          FROM unnest(c.confkey) WITH ORDINALITY u(num, ord)
          JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = u.num) AS referenced,
       rn.nspname::text AS ref_schema,
       r.relname::text AS ref_table
  FROM pg_class t
  JOIN pg_namespace n ON n.oid = t.relnamespace
  LEFT JOIN LATERAL (
        SELECT con.oid AS con_oid, con.conindid AS index_oid FROM pg_constraint con
         WHERE con.conrelid = t.oid AND con.contype IN ('p', 'u', 'x', 'f', 'c')
        UNION ALL
        SELECT NULL, ix.indexrelid FROM pg_index ix
         WHERE ix.indrelid = t.oid AND ix.indisunique
           AND NOT EXISTS (SELECT FROM pg_constraint con
                            WHERE con.conindid = ix.indexrelid AND con.contype IN ('p', 'u', 'x'))) what ON true
  LEFT JOIN pg_constraint c ON c.oid = what.con_oid
  LEFT JOIN pg_index x ON x.indexrelid = what.index_oid AND (c.oid IS NULL OR c.contype IN ('p', 'u', 'x'))
  LEFT JOIN pg_class i ON i.oid = x.indexrelid
  LEFT JOIN pg_class r ON r.oid = c.confrelid
  LEFT JOIN pg_namespace rn ON rn.oid = r.relnamespace
 WHERE t.relkind IN ('r', 'p', 'm')
   AND coalesce(c.conname, i.relname) IS NOT NULL
   AND (n.nspname, t.relname, coalesce(c.conname, i.relname)) IN (
        SELECT w ->> 0, w ->> 1, w ->> 2 FROM jsonb_array_elements(%(wanted)s::jsonb) w)
