DROP VIEW public.v;
ALTER TABLE public.t ALTER COLUMN a TYPE bigint;
CREATE VIEW public.v WITH (security_invoker = true) AS
 SELECT a,
    b
   FROM public.t;
