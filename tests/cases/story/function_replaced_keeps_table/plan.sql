DROP INDEX public.t_rank;
ALTER TABLE public.t ALTER COLUMN r SET EXPRESSION AS (NULL::integer);
DROP FUNCTION public.rank_of(integer);
CREATE FUNCTION public.rank_of(n integer)
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE
AS $function$select n$function$;
ALTER TABLE public.t ALTER COLUMN r SET EXPRESSION AS (public.rank_of(id));
CREATE INDEX t_rank ON public.t (public.rank_of(id));
