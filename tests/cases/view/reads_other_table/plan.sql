CREATE TABLE public.fresh (
    a integer
);
CREATE OR REPLACE VIEW public.v AS
 SELECT a
   FROM public.fresh;
DROP TABLE public.gone;
