DROP VIEW public.b;
DROP FUNCTION public.names();
DROP VIEW public.a;
ALTER TABLE public.t ALTER COLUMN name TYPE text;
ALTER TABLE public.t ADD COLUMN extra integer;
CREATE VIEW public.a AS
 SELECT id,
    name,
    extra
   FROM public.t;
CREATE FUNCTION public.names()
 RETURNS SETOF public.a
 LANGUAGE sql
 STABLE
AS $function$select * from a$function$;
CREATE VIEW public.b AS
 SELECT id,
    name,
    extra
   FROM public.a;
