COMMENT ON COLUMN public.t.b IS NULL;
COMMENT ON TABLE public.t IS 'it''s new';
COMMENT ON COLUMN public.t.a IS 'key';
COMMENT ON CONSTRAINT c ON public.t IS 'c';
COMMENT ON INDEX public.t_pkey IS 'i';
COMMENT ON TRIGGER tr ON public.t IS 't';
COMMENT ON POLICY p ON public.t IS 'p';
COMMENT ON COLUMN public.v.a IS 'seen';
