COMMENT ON TYPE public.e IS 'e';
COMMENT ON TYPE public.c IS 'c';
COMMENT ON COLUMN public.c.a IS 'a';
COMMENT ON DOMAIN public.d IS 'd';
COMMENT ON CONSTRAINT ck ON DOMAIN public.d IS 'ck';
