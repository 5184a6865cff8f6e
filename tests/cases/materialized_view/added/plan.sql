CREATE MATERIALIZED VIEW public.m WITH (fillfactor = 70) AS
 SELECT a,
    sum(b) AS s
   FROM public.t
  GROUP BY a
WITH NO DATA;
CREATE UNIQUE INDEX m_a ON public.m (a);
