DROP VIEW public.v;
DROP INDEX public.t_f;
ALTER TABLE public.u DROP CONSTRAINT u_a_check;
ALTER TABLE public.u ALTER COLUMN c DROP DEFAULT;
ALTER TABLE public.u ALTER COLUMN b SET EXPRESSION AS (NULL::integer);
DROP FUNCTION public.f(integer);
CREATE FUNCTION public.f(a integer)
 RETURNS bigint
 LANGUAGE sql
 IMMUTABLE
AS $function$select a::bigint$function$;
CREATE INDEX t_f ON public.t (public.f(a));
ALTER TABLE public.u ALTER COLUMN b SET EXPRESSION AS (public.f(a));
ALTER TABLE public.u ALTER COLUMN c SET DEFAULT public.f(1);
ALTER TABLE public.u ADD CONSTRAINT u_a_check CHECK ((public.f(a) > 0));
CREATE VIEW public.v AS
 SELECT public.f(a) AS x
   FROM public.t;
