CREATE TABLE t (id integer, note text)
    WITH (parallel_workers = 4, fillfactor = 50, autovacuum_enabled = false, toast.autovacuum_enabled = false);
ALTER TABLE t ALTER id SET (n_distinct_inherited = 6, n_distinct = 4);
CREATE INDEX i ON t (id) WITH (deduplicate_items = off, fillfactor = 60);
CREATE VIEW v WITH (security_invoker, security_barrier) AS SELECT id FROM t;
CREATE VIEW w WITH (security_invoker, security_barrier) AS SELECT id FROM t;
CREATE MATERIALIZED VIEW m WITH (toast.autovacuum_enabled = false, parallel_workers = 2, fillfactor = 50)
    AS SELECT id FROM t;
