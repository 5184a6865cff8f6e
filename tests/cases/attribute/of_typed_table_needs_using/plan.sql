ALTER TABLE public.loosened NOT OF;
ALTER TABLE public.typed NOT OF;
ALTER TYPE public.pair RENAME TO pair__old;
ALTER TYPE public.hue RENAME TO hue__old;
CREATE TYPE public.hue AS ENUM ('green', 'red');
CREATE TYPE public.pair AS (
    a bigint,
    b date,
    c public.hue
);
ALTER TABLE public.bound ALTER COLUMN c TYPE public.hue USING c::text::public.hue;
ALTER TABLE public.bound OF public.pair;
ALTER TABLE public.loosened ALTER COLUMN c TYPE public.hue USING c::text::public.hue;
ALTER TABLE public.typed
    ALTER COLUMN a TYPE bigint,
    ALTER COLUMN b TYPE date USING b::date,
    ALTER COLUMN c TYPE public.hue USING c::text::public.hue;
ALTER TABLE public.typed OF public.pair;
DROP TYPE public.pair__old;
DROP TYPE public.hue__old;
