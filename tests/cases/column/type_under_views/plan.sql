DROP MATERIALIZED VIEW public.m;
DROP VIEW public.v2;
DROP VIEW public.v1;
ALTER TABLE public.t ALTER COLUMN n TYPE bigint;
CREATE VIEW public.v1 AS
 SELECT id,
    n
   FROM public.t;
COMMENT ON COLUMN public.v1.n IS 'the n';
COMMENT ON VIEW public.v1 IS 'first';
CREATE VIEW public.v2 AS
 SELECT sum(n) AS total
   FROM public.v1;
GRANT SELECT ON TABLE public.v2 TO PUBLIC;
CREATE MATERIALIZED VIEW public.m AS
 SELECT n,
    count(*) AS c
   FROM public.t
  GROUP BY n;
CREATE UNIQUE INDEX m_n ON public.m (n);
