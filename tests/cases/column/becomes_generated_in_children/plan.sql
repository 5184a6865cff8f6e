DROP VIEW public.of_grandchild;
ALTER TABLE public.p DROP COLUMN twice;
ALTER TABLE public.child DROP COLUMN twice;
ALTER TABLE public.child ADD COLUMN twice bigint GENERATED ALWAYS AS ((n * 3)) VIRTUAL;
ALTER TABLE public.p ADD COLUMN twice bigint GENERATED ALWAYS AS ((n * 2)) VIRTUAL;
COMMENT ON COLUMN public.other.twice IS 'of n';
CREATE VIEW public.of_grandchild AS
 SELECT twice
   FROM public.grandchild;
