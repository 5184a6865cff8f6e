DROP INDEX public.i;
CREATE INDEX i ON public.t (a, lower(b)) WHERE (a > 0);
COMMENT ON INDEX public.i IS 'fast';
