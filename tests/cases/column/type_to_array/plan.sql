ALTER TABLE public.t ALTER COLUMN tags TYPE text[] USING ARRAY[tags]::text[];
