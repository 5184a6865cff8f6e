DROP VIEW public.v;
DROP FUNCTION public.f(public.mood);
ALTER TABLE public.t ALTER COLUMN m DROP DEFAULT;
ALTER TABLE public.t ALTER COLUMN ms DROP DEFAULT;
ALTER TYPE public.mood RENAME TO mood__old;
CREATE TYPE public.mood AS ENUM ('sad', 'happy');
ALTER TABLE public.t
    ALTER COLUMN m TYPE public.mood USING m::text::public.mood,
    ALTER COLUMN ms TYPE public.mood[] USING ms::text::public.mood[];
ALTER TABLE public.t ALTER COLUMN m SET DEFAULT 'sad'::public.mood;
ALTER TABLE public.t ALTER COLUMN ms SET DEFAULT '{sad}'::public.mood[];
CREATE FUNCTION public.f(m public.mood)
 RETURNS public.mood
 LANGUAGE sql
AS $function$select m$function$;
CREATE VIEW public.v AS
 SELECT m
   FROM public.t;
DROP TYPE public.mood__old;
