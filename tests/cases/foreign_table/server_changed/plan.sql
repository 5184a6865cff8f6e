DROP VIEW public.v;
DROP FOREIGN TABLE public.ft;
CREATE FOREIGN TABLE public.ft (
    a integer
)
SERVER s2;
CREATE VIEW public.v AS
 SELECT a
   FROM public.ft;
