DROP TABLE public.gone;
ALTER TYPE public.pair ALTER ATTRIBUTE p TYPE public.hue;
