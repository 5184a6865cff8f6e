ALTER TABLE public.m DETACH PARTITION public.m_2021;
ALTER TABLE public.m DROP COLUMN twice;
ALTER TABLE public.m ADD COLUMN twice bigint GENERATED ALWAYS AS ((n * 2)) STORED;
ALTER TABLE public.m_2021 DROP COLUMN twice;
ALTER TABLE public.m_2021 ADD COLUMN twice bigint GENERATED ALWAYS AS ((n * 3)) STORED;
ALTER TABLE public.m_2021 RENAME CONSTRAINT m_at_not_null TO m_2021_at_not_null;
ALTER TABLE public.m ATTACH PARTITION public.m_2021 FOR VALUES FROM ('2021-01-01') TO ('2022-01-01');
CREATE INDEX m_twice_idx ON public.m (twice);
COMMENT ON COLUMN public.m_2020.twice IS 'of n';
