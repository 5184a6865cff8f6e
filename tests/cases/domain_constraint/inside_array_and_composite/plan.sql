ALTER TYPE public.c RENAME TO c__old;
ALTER DOMAIN public.d RENAME TO d__old;
CREATE DOMAIN public.d AS integer
    CONSTRAINT d_check CHECK ((VALUE > 0));
CREATE TYPE public.c AS (
    a public.d
);
ALTER TABLE public.t
    ALTER COLUMN l TYPE public.d[] USING l::text::public.d[],
    ALTER COLUMN v TYPE public.c USING v::text::public.c;
DROP TYPE public.c__old;
DROP DOMAIN public.d__old;
