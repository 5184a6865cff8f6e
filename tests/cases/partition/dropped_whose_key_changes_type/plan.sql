ALTER TABLE public.c DETACH PARTITION public.c2;
ALTER TABLE public.c ALTER COLUMN p TYPE integer;
DROP TABLE public.c2a;
DROP TABLE public.c2;
