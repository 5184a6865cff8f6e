ALTER TABLE public.t DETACH PARTITION public.t_1;
ALTER TABLE public.t_1 RENAME CONSTRAINT third_name TO t_b_not_null;
ALTER TABLE public.t_1 RENAME CONSTRAINT another_name TO t_id_not_null;
ALTER TABLE public.t ATTACH PARTITION public.t_1 FOR VALUES FROM (1) TO (10);
