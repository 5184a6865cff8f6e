ALTER TYPE public.pair RENAME TO pair__old;
CREATE TYPE public.pair AS (
    a bigint,
    b text
);
ALTER TABLE public.t ALTER COLUMN p TYPE public.pair USING p::text::public.pair;
DROP TYPE public.pair__old;
