ALTER TYPE public.size RENAME TO size__old;
ALTER DOMAIN public.positive RENAME TO positive__old;
CREATE DOMAIN public.positive AS integer
    CONSTRAINT above_zero CHECK ((VALUE > 0));
CREATE TYPE public.size AS (
    width public.positive
);
ALTER TABLE public.box
    ALTER COLUMN sizes TYPE public.size[] USING sizes::text::public.size[],
    ALTER COLUMN counts TYPE public.positive[] USING counts::text::public.positive[],
    ALTER COLUMN weight TYPE public.positive USING weight::text::public.positive;
DROP TYPE public.size__old;
DROP DOMAIN public.positive__old;
