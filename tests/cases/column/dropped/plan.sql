DROP VIEW public.v;
CREATE VIEW public.v AS
 SELECT id
   FROM public.t;
ALTER TABLE public.t DROP COLUMN a;
ALTER TABLE public.t DROP COLUMN b;
ALTER TABLE public.t DROP COLUMN c;
