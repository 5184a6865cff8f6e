ALTER TYPE public.r RENAME TO r__old;
ALTER TYPE public.r_multirange RENAME TO r__old_multirange;
ALTER FUNCTION public.r_multirange() RENAME TO r__old_multirange;
CREATE TYPE public.r AS RANGE (SUBTYPE = bigint);
ALTER TABLE public.t ALTER COLUMN r TYPE public.r USING r::text::public.r;
DROP TYPE public.r__old;
