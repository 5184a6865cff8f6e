ALTER TABLE public.t ALTER COLUMN c2 DROP DEFAULT;
ALTER TYPE public.pair RENAME TO pair__old;
ALTER TYPE public.hue RENAME TO hue__old;
CREATE TYPE public.hue AS ENUM ('c', 'e', 'f');
ALTER TYPE public.span RENAME TO span__old;
ALTER TYPE public.span_multirange RENAME TO span__old_multirange;
ALTER FUNCTION public.span_multirange() RENAME TO span__old_multirange;
CREATE TYPE public.span AS RANGE (SUBTYPE = date);
CREATE TYPE public.pair AS (
    q text
);
CREATE DOMAIN public.shade AS public.hue;
ALTER TABLE public.t
    ALTER COLUMN c1 TYPE public.hue USING c1::text::public.hue,
    ALTER COLUMN c2 TYPE public.span USING c2::text::public.span,
    ALTER COLUMN c3 TYPE public.shade USING c3::text::public.shade,
    ALTER COLUMN c4 TYPE public.pair USING c4::text::public.pair;
ALTER TABLE public.t ALTER COLUMN c1 SET DEFAULT 'e'::public.hue;
DROP TYPE public.pair__old;
DROP TYPE public.span__old;
DROP TYPE public.hue__old;
