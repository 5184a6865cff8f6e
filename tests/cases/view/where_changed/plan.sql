CREATE OR REPLACE VIEW public.v AS
 SELECT a,
    b
   FROM public.t
  WHERE (a > 2);
