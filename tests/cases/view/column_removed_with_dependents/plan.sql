DROP VIEW public.over;
DROP VIEW public.v;
CREATE VIEW public.v AS
 SELECT a
   FROM public.t;
CREATE VIEW public.over AS
 SELECT a
   FROM public.v;
GRANT SELECT ON TABLE public.over TO PUBLIC;
COMMENT ON VIEW public.over IS 'outer';
