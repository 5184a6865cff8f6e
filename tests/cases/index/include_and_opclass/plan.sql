DROP INDEX public.i;
CREATE INDEX i ON public.t (a text_pattern_ops) INCLUDE (b);
