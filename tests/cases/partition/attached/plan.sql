ALTER TABLE public.t1 RENAME CONSTRAINT t1_id_not_null TO t_id_not_null;
ALTER TABLE public.t1 RENAME CONSTRAINT t1_v_not_null TO t_v_not_null;
ALTER TABLE public.t ATTACH PARTITION public.t1 FOR VALUES FROM (0) TO (100);
