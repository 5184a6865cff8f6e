ALTER TABLE public.t ALTER COLUMN id SET (n_distinct_inherited = 6, n_distinct = 4);
ALTER TABLE public.t SET (parallel_workers = 4, fillfactor = 50, autovacuum_enabled = false, toast.autovacuum_enabled = false);
ALTER INDEX public.i SET (deduplicate_items = off, fillfactor = 60);
ALTER VIEW public.v SET (security_invoker = true, security_barrier = true);
CREATE VIEW public.w WITH (security_invoker = true, security_barrier = true) AS
 SELECT id
   FROM public.t;
ALTER MATERIALIZED VIEW public.m SET (parallel_workers = 2, fillfactor = 50);
