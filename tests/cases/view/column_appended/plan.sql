CREATE OR REPLACE VIEW public.v AS
 SELECT a,
    b
   FROM public.t;
