ALTER TABLE public.t ALTER COLUMN a SET STATISTICS 500;
ALTER TABLE public.t ALTER COLUMN b SET (n_distinct_inherited = -0.5);
ALTER TABLE public.t ALTER COLUMN b RESET (n_distinct);
