ALTER TABLE public.t SET (fillfactor = 90);
ALTER TABLE public.t RESET (autovacuum_enabled);
