DROP INDEX public.one;
DROP INDEX public.two;
CREATE INDEX one ON public.t (b);
CREATE INDEX two ON public.t (a);
