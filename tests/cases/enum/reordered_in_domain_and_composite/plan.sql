ALTER DOMAIN public.d RENAME TO d__old;
ALTER TYPE public.c RENAME TO c__old;
ALTER TYPE public.mood RENAME TO mood__old;
CREATE TYPE public.mood AS ENUM ('b', 'a');
CREATE TYPE public.c AS (
    m public.mood,
    n integer
);
CREATE DOMAIN public.d AS public.mood
    CONSTRAINT d_check CHECK ((VALUE <> 'b'::public.mood));
ALTER TABLE public.t
    ALTER COLUMN d TYPE public.d USING d::text::public.d,
    ALTER COLUMN c TYPE public.c USING c::text::public.c;
DROP DOMAIN public.d__old;
DROP TYPE public.c__old;
DROP TYPE public.mood__old;
