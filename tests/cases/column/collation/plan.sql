ALTER TABLE public.t
    ALTER COLUMN a TYPE text COLLATE pg_catalog."C",
    ALTER COLUMN b TYPE text;
