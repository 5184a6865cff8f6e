ALTER TABLE public.p3 DETACH PARTITION public.p31;
DROP INDEX public.p_a_idx;
CREATE INDEX p3_a_a1_idx ON public.p3 (a) INCLUDE (a);
CREATE INDEX p_a_idx ON public.p (a) INCLUDE (a);
