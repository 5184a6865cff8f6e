ALTER TABLE public.t1 ALTER COLUMN n SET DEFAULT 4;
ALTER TABLE public.t1 RENAME CONSTRAINT t1_id_not_null TO t_id_not_null;
ALTER TABLE public.t1 RENAME CONSTRAINT t1_n_not_null TO t_n_not_null;
ALTER TABLE public.t1 ADD CONSTRAINT positive CHECK ((n > 0));
ALTER TABLE public.t ATTACH PARTITION public.t1 FOR VALUES FROM (0) TO (10);
