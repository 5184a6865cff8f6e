ALTER TABLE public.m DETACH PARTITION public.m_1;
ALTER TABLE public.m_1 DETACH PARTITION public.m_1_1;
DROP TABLE public.m;
CREATE TABLE public.m (
    a bigint,
    b integer
)
PARTITION BY RANGE (a);
ALTER TABLE public.m_1 ALTER COLUMN a TYPE bigint;
ALTER TABLE public.m_1_1 ALTER COLUMN a TYPE bigint;
ALTER TABLE public.m_1 ATTACH PARTITION public.m_1_1 FOR VALUES IN (1);
ALTER TABLE public.m_1 ADD CONSTRAINT m_1_key UNIQUE (a, b);
ALTER TABLE public.m ATTACH PARTITION public.m_1 FOR VALUES FROM ('0') TO ('10');
