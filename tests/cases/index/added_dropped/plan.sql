DROP INDEX public.t_a;
CREATE INDEX t_b ON public.t (b DESC NULLS LAST);
