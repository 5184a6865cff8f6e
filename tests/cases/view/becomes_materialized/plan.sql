DROP VIEW public.v;
CREATE MATERIALIZED VIEW public.v AS
 SELECT a
   FROM public.t;
