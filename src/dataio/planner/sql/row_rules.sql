-- what constraints and unique indexes ask of rows, as the desired database has them: those named in %(wanted)s
-- ([schema, table, name]), and those that depend on %(columns)s ([schema, table, column])
SELECT n.nspname::text AS schema,
       t.relname::text AS table,
       r.name AS name,
       CASE c.contype WHEN 'p' THEN 'primary key' WHEN 'x' THEN 'exclude' WHEN 'f' THEN 'foreign key'
                      WHEN 'c' THEN 'check' ELSE 'unique' END AS type,
       CASE WHEN c.contype = 'c' THEN pg_get_expr(c.conbin, c.conrelid) END AS expression,
       coalesce(c.contype = 'c' AND c.connoinherit, false) AS no_inherit,
       k.keys,
       k.grouped,
       (SELECT array_agg('OPERATOR(' || quote_ident(on_.nspname) || '.' || o.oprname || ')' ORDER BY u.ord)
          FROM unnest(c.conexclop) WITH ORDINALITY u(op, ord)
          JOIN pg_operator o ON o.oid = u.op
          JOIN pg_namespace on_ ON on_.oid = o.oprnamespace) AS operators,
       CASE WHEN c.contype = 'f' THEN
           (SELECT array_agg('OPERATOR(' || quote_ident(on_.nspname) || '.' || o.oprname || ')' ORDER BY u.ord)
              FROM unnest(c.conpfeqop) WITH ORDINALITY u(op, ord)
              JOIN pg_operator o ON o.oid = u.op
              JOIN pg_namespace on_ ON on_.oid = o.oprnamespace)
            WHEN k.own THEN k.equal END AS equal,
       pg_get_expr(x.indpred, x.indrelid) AS predicate,
       coalesce((to_jsonb(x) ->> 'indnullsnotdistinct')::boolean, false) AS nulls_not_distinct,
       coalesce((to_jsonb(c) ->> 'conperiod')::boolean, false) AS period,
       coalesce(c.confmatchtype = 'f', false) AS match_full,
       (SELECT array_agg(quote_ident(a.attname) ORDER BY u.ord)
          FROM unnest(c.conkey) WITH ORDINALITY u(num, ord)
          JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = u.num) AS columns,
       (SELECT array_agg(quote_ident(a.attname) ORDER BY u.ord)
          FROM unnest(c.confkey) WITH ORDINALITY u(num, ord)
          JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = u.num) AS referenced,
       rn.nspname::text AS ref_schema,
       rt.relname::text AS ref_table,
       w.found AS wanted
  FROM pg_class t
  JOIN pg_namespace n ON n.oid = t.relnamespace
  JOIN LATERAL (
        SELECT con.conname::text AS name, con.oid AS con_oid,
               CASE WHEN con.contype IN ('p', 'u', 'x') THEN con.conindid END AS index_oid
          FROM pg_constraint con
         WHERE con.conrelid = t.oid AND con.contype IN ('p', 'u', 'x', 'f', 'c')
           AND (con.contype <> 'f' OR con.conparentid = 0)
        UNION ALL
        SELECT ic.relname::text, NULL, ix.indexrelid
          FROM pg_index ix
          JOIN pg_class ic ON ic.oid = ix.indexrelid
         WHERE ix.indrelid = t.oid AND ix.indisunique
           AND NOT EXISTS (SELECT FROM pg_constraint con
                            WHERE con.conindid = ix.indexrelid AND con.contype IN ('p', 'u', 'x'))) r ON true
  CROSS JOIN LATERAL (
        SELECT (n.nspname, t.relname, r.name) IN (
            SELECT w ->> 0, w ->> 1, w ->> 2 FROM jsonb_array_elements(%(wanted)s::jsonb) w) AS found) w
  LEFT JOIN pg_constraint c ON c.oid = r.con_oid
  LEFT JOIN pg_index x ON x.indexrelid = r.index_oid
  LEFT JOIN pg_class rt ON rt.oid = c.confrelid
  LEFT JOIN pg_namespace rn ON rn.oid = rt.relnamespace
  LEFT JOIN LATERAL (
        SELECT array_agg(pg_get_indexdef(x.indexrelid, i::int, false) ORDER BY i) AS keys,
               array_agg(pg_get_indexdef(x.indexrelid, i::int, false)
                         || coalesce(' COLLATE ' || quote_ident(ln.nspname) || '.' || quote_ident(l.collname), '') ORDER BY i) AS grouped,
               array_agg('OPERATOR(' || quote_ident(en.nspname) || '.' || e.oprname || ')' ORDER BY i) AS equal,
               bool_or(e.oid IS DISTINCT FROM d.amopopr) AS own
          FROM generate_series(1, x.indnkeyatts) i
          LEFT JOIN pg_collation l ON l.oid = x.indcollation[i - 1]
          LEFT JOIN pg_namespace ln ON ln.oid = l.collnamespace
          JOIN pg_opclass oc ON oc.oid = x.indclass[i - 1]
          LEFT JOIN pg_amop am ON am.amopfamily = oc.opcfamily AND am.amopstrategy = 3
               AND am.amoplefttype = oc.opcintype AND am.amoprighttype = oc.opcintype
          LEFT JOIN pg_operator e ON e.oid = am.amopopr
          LEFT JOIN pg_namespace en ON en.oid = e.oprnamespace
          LEFT JOIN pg_opclass doc ON doc.opcmethod = oc.opcmethod AND doc.opcintype = oc.opcintype AND doc.opcdefault
          LEFT JOIN pg_amop d ON d.amopfamily = doc.opcfamily AND d.amopstrategy = 3
               AND d.amoplefttype = doc.opcintype AND d.amoprighttype = doc.opcintype) k ON x.indexrelid IS NOT NULL
 WHERE t.relkind IN ('r', 'p', 'm')
   AND (w.found
        OR EXISTS (SELECT FROM jsonb_array_elements(%(columns)s::jsonb) g
                     JOIN pg_namespace gn ON gn.nspname = g ->> 0
                     JOIN pg_class gt ON gt.relnamespace = gn.oid AND gt.relname = g ->> 1
                     JOIN pg_attribute a ON a.attrelid = gt.oid AND a.attname = g ->> 2
                     JOIN pg_depend dep ON dep.refclassid = 'pg_class'::regclass AND dep.refobjid = gt.oid
                                       AND dep.refobjsubid = a.attnum
                    WHERE (dep.classid = 'pg_constraint'::regclass AND dep.objid = c.oid)
                       OR (dep.classid = 'pg_class'::regclass AND dep.objid = x.indexrelid)))
