DROP MATERIALIZED VIEW public.m;
CREATE MATERIALIZED VIEW public.m AS
 SELECT a
   FROM public.t
  WHERE (b > 0);
CREATE UNIQUE INDEX m_a ON public.m (a);
COMMENT ON INDEX public.m_a IS 'key';
COMMENT ON MATERIALIZED VIEW public.m IS 'cached';
