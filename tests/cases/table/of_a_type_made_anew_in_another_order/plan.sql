DROP INDEX public.oft_s_p_idx;
ALTER TABLE public.oft NOT OF;
ALTER TABLE public.oft RENAME COLUMN p TO p__old;
ALTER TYPE public.pair RENAME TO pair__old;
ALTER TYPE public.hue RENAME TO hue__old;
CREATE TYPE public.hue AS ENUM ('f', 'e');
CREATE TYPE public.other AS ENUM ('x');
CREATE TYPE public.pair AS (
    q public.hue,
    s integer,
    p public.hue[],
    o public.other
);
ALTER TABLE public.oft ALTER COLUMN q TYPE public.hue USING q::text::public.hue;
ALTER TABLE public.oft RENAME COLUMN s TO s__old;
ALTER TABLE public.oft ADD COLUMN s integer;
UPDATE public.oft SET s = s__old::integer;
ALTER TABLE public.oft DROP COLUMN s__old;
ALTER TABLE public.oft ADD COLUMN p public.hue[];
UPDATE public.oft SET p = ARRAY[p__old::text]::public.hue[];
ALTER TABLE public.oft DROP COLUMN p__old;
ALTER TABLE public.oft ADD COLUMN o public.other;
ALTER TABLE public.oft OF public.pair;
CREATE INDEX oft_s_p_idx ON public.oft (s, p);
DROP TYPE public.pair__old;
DROP TYPE public.hue__old;
