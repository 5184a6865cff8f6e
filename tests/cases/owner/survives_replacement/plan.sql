DROP VIEW public.v;
ALTER TABLE public.t ALTER COLUMN a TYPE bigint;
CREATE VIEW public.v AS
 SELECT a
   FROM public.t;
ALTER VIEW public.v OWNER TO cases_owner;
