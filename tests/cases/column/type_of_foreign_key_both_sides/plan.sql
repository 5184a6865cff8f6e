ALTER TABLE public.a ALTER COLUMN id TYPE bigint;
ALTER TABLE public.b ALTER COLUMN a_id TYPE bigint;
