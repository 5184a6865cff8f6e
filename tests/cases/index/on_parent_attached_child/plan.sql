CREATE INDEX t_b ON public.t (b);
