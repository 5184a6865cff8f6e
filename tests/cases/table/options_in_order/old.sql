CREATE TABLE t (id integer, note text) WITH (fillfactor = 50, parallel_workers = 2);
ALTER TABLE t ALTER id SET (n_distinct_inherited = 5, n_distinct = 4);
CREATE INDEX i ON t (id) WITH (fillfactor = 60, deduplicate_items = off);
CREATE VIEW v WITH (security_barrier) AS SELECT id FROM t;
CREATE MATERIALIZED VIEW m WITH (fillfactor = 50) AS SELECT id FROM t;
