ALTER TYPE public.hue RENAME TO hue__old;
CREATE TYPE public.hue AS ENUM ('a');
ALTER DOMAIN public.code RENAME TO code__old;
CREATE DOMAIN public.code AS bigint CONSTRAINT code_not_null NOT NULL;
CREATE DOMAIN public.shade AS public.hue;
ALTER TABLE public.t
    ALTER COLUMN c TYPE public.code USING c::text::public.code,
    ALTER COLUMN h TYPE public.shade USING h::text::public.shade,
    ALTER COLUMN g TYPE public.shade USING g::text::public.shade;
DROP DOMAIN public.code__old;
DROP TYPE public.hue__old;
