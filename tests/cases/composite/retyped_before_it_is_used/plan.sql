CREATE TYPE public.hue AS ENUM ('e', 'b');
ALTER DOMAIN public.named SET NOT NULL;
ALTER TYPE public.pair ALTER ATTRIBUTE p TYPE public.named;
ALTER DOMAIN public.small ADD CONSTRAINT short CHECK ((length(VALUE) < 9));
ALTER TABLE public.t
    ALTER COLUMN c1 TYPE public.hue USING c1::text::public.hue,
    ALTER COLUMN c2 TYPE public.pair USING c2::text::public.pair,
    ALTER COLUMN c3 TYPE public.small[] USING ARRAY[c3]::public.small[];
DROP TYPE public.span;
CREATE TYPE public.span AS RANGE (SUBTYPE = date);
