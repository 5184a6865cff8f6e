ALTER TABLE public.t DETACH PARTITION public.one;
ALTER TABLE public.t ALTER COLUMN b TYPE character varying(10);
DROP TABLE public.one;
ALTER TABLE public.t DROP COLUMN c;
