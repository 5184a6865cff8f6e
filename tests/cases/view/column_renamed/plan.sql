DROP VIEW public.v;
CREATE VIEW public.v AS
 SELECT a AS uno,
    b
   FROM public.t;
