DROP VIEW public.v;
ALTER TABLE public.t DETACH PARTITION public.one;
ALTER TABLE public.t ALTER COLUMN b TYPE character varying(20);
DROP TABLE public.one;
