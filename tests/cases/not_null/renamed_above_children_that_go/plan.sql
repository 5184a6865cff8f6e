ALTER TABLE public.i2 NO INHERIT public.i1;
ALTER TABLE public.p DETACH PARTITION public.p1;
ALTER TABLE public.i RENAME CONSTRAINT i_a_not_null TO named;
ALTER TABLE public.p RENAME CONSTRAINT p_a_not_null TO named;
DROP TABLE public.i2;
DROP TABLE public.p1;
