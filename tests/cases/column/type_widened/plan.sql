ALTER TABLE public.t ALTER COLUMN id TYPE bigint;
ALTER TABLE public.t ALTER COLUMN name TYPE text;
ALTER TABLE public.t ALTER COLUMN amount TYPE numeric(12,2);
