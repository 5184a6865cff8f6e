ALTER TYPE public.pair ALTER ATTRIBUTE a TYPE bigint;
ALTER TYPE public.pair ALTER ATTRIBUTE b TYPE text COLLATE pg_catalog."C";
ALTER TYPE public.pair ADD ATTRIBUTE d date;
ALTER TYPE public.pair DROP ATTRIBUTE c;
