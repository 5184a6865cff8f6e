DROP TABLE public.child;
ALTER TABLE public.t ATTACH PARTITION public.part FOR VALUES IN (1);
