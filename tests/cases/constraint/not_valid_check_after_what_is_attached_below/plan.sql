CREATE TABLE public.m (
    a integer,
    b integer
)
PARTITION BY RANGE (a);
CREATE TABLE public.m_1 PARTITION OF public.m
FOR VALUES FROM (1) TO (10)
PARTITION BY LIST (b);
CREATE TABLE public.m_1_1 (
    b integer,
    a integer
);
ALTER TABLE public.m_1 ATTACH PARTITION public.m_1_1 FOR VALUES IN (3);
ALTER TABLE public.m ADD CONSTRAINT positive CHECK ((b > 0)) NOT VALID;
