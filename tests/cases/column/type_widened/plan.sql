ALTER TABLE public.t
    ALTER COLUMN id TYPE bigint,
    ALTER COLUMN name TYPE text,
    ALTER COLUMN amount TYPE numeric(12,2);
