ALTER TABLE public.boxes ALTER COLUMN many DROP DEFAULT;
ALTER TYPE public.color RENAME TO color__old;
CREATE TYPE public.color AS ENUM ('green', 'red');
ALTER TYPE public.pair RENAME TO pair__old;
CREATE TYPE public.pair AS (
    a bigint,
    b text
);
ALTER DOMAIN public.positive RENAME TO positive__old;
CREATE DOMAIN public.positive AS bigint
    CONSTRAINT positive_check CHECK ((VALUE > 1));
ALTER TABLE public.boxes
    ALTER COLUMN one TYPE public.pair[] USING ARRAY[one::text]::public.pair[],
    ALTER COLUMN many TYPE public.pair USING many::text::public.pair,
    ALTER COLUMN tint TYPE public.color[] USING ARRAY[tint::text]::public.color[],
    ALTER COLUMN tints TYPE public.color USING tints::text::public.color,
    ALTER COLUMN size TYPE public.positive[] USING ARRAY[size::text]::public.positive[],
    ALTER COLUMN sizes TYPE public.positive USING sizes::text::public.positive;
DROP DOMAIN public.positive__old;
DROP TYPE public.pair__old;
DROP TYPE public.color__old;
