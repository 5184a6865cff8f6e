ALTER TYPE public.r RENAME TO r__old;
ALTER TYPE public.r_multirange RENAME TO r__old_multirange;
ALTER FUNCTION public.r_multirange() RENAME TO r__old_multirange;
CREATE TYPE public.r;
CREATE FUNCTION public.r_canonical(public.r)
 RETURNS public.r
 LANGUAGE internal
 IMMUTABLE STRICT
AS $function$int8range_canonical$function$;
CREATE TYPE public.r AS RANGE (SUBTYPE = bigint, CANONICAL = public.r_canonical);
ALTER TABLE public.t ALTER COLUMN span TYPE public.r USING span::text::public.r;
DROP TYPE public.r__old CASCADE;
