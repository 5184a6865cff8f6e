CREATE TABLE public.parted (
    id bigint NOT NULL,
    id_abc bigint
)
PARTITION BY RANGE (id);
CREATE TABLE public.part2 (
    id bigint NOT NULL,
    id_abc bigint
);
ALTER TABLE ONLY public.parted ATTACH PARTITION public.part2 FOR VALUES FROM ('10') TO ('20');
