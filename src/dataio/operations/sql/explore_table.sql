-- One relation: everything that its page shows, as JSON, in one look.
WITH one AS (
    SELECT c.oid, c.relkind
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = %(schema)s AND c.relname = %(name)s AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
       AND n.nspname <> 'dataio_meta'
)
SELECT (SELECT coalesce(jsonb_agg(jsonb_build_object(
                   'name', a.attname,
                   'type', pg_catalog.format_type(a.atttypid, a.atttypmod),
                   'nullable', NOT a.attnotnull,
                   'default', pg_catalog.pg_get_expr(d.adbin, d.adrelid),
                   'identity', a.attidentity <> '',
                   'generated', a.attgenerated <> '',
                   'comment', pg_catalog.col_description(a.attrelid, a.attnum)) ORDER BY a.attnum), '[]')
          FROM pg_catalog.pg_attribute a
          LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
         WHERE a.attrelid = one.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns,
       (SELECT coalesce(jsonb_agg(jsonb_build_object(
                   'name', k.conname,
                   'kind', CASE k.contype WHEN 'p' THEN 'primary key' WHEN 'u' THEN 'unique' WHEN 'f' THEN 'foreign key'
                                          WHEN 'c' THEN 'check' WHEN 'x' THEN 'exclusion' ELSE 'not null' END,
                   'definition', pg_catalog.pg_get_constraintdef(k.oid),
                   'refers_to', CASE WHEN k.contype = 'f' THEN jsonb_build_array(fn.nspname, f.relname) END)
                   ORDER BY position(k.contype::text in 'pufcxn'), k.conname), '[]')
          FROM pg_catalog.pg_constraint k
          LEFT JOIN pg_catalog.pg_class f ON f.oid = k.confrelid
          LEFT JOIN pg_catalog.pg_namespace fn ON fn.oid = f.relnamespace
         WHERE k.conrelid = one.oid AND k.contype <> 'n' AND k.contype <> 't') AS constraints,
       (SELECT coalesce(jsonb_agg(jsonb_build_object(
                   'name', ic.relname,
                   'definition', pg_catalog.pg_get_indexdef(i.indexrelid),
                   'unique', i.indisunique,
                   'valid', i.indisvalid,
                   'bytes', pg_catalog.pg_relation_size(i.indexrelid),
                   'comment', pg_catalog.obj_description(i.indexrelid, 'pg_class')) ORDER BY ic.relname), '[]')
          FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class ic ON ic.oid = i.indexrelid
         WHERE i.indrelid = one.oid) AS indexes,
       (SELECT coalesce(jsonb_agg(jsonb_build_object(
                   'schema', rn.nspname, 'table', r.relname, 'constraint', k.conname,
                   'definition', pg_catalog.pg_get_constraintdef(k.oid)) ORDER BY rn.nspname, r.relname, k.conname), '[]')
          FROM pg_catalog.pg_constraint k
          JOIN pg_catalog.pg_class r ON r.oid = k.conrelid
          JOIN pg_catalog.pg_namespace rn ON rn.oid = r.relnamespace
         WHERE k.confrelid = one.oid AND k.contype = 'f' AND k.conparentid = 0) AS referred_by,
       (SELECT coalesce(jsonb_agg(jsonb_build_object(
                   'name', t.tgname, 'definition', pg_catalog.pg_get_triggerdef(t.oid, true)) ORDER BY t.tgname), '[]')
          FROM pg_catalog.pg_trigger t WHERE t.tgrelid = one.oid AND NOT t.tgisinternal) AS triggers,
       CASE WHEN one.relkind IN ('v', 'm') THEN pg_catalog.pg_get_viewdef(one.oid, true) END AS definition
  FROM one
