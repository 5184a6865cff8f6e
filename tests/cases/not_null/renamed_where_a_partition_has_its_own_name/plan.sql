ALTER TABLE public.parted DETACH PARTITION public.part2;
ALTER TABLE public.parted RENAME CONSTRAINT parted_id_not_null1 TO parted_id_not_null;
ALTER TABLE public.parted ATTACH PARTITION public.part2 FOR VALUES FROM ('10') TO ('20');
