CREATE TABLE public.m_2020_rest (
    at date CONSTRAINT m_at_not_null NOT NULL,
    n bigint
);
ALTER TABLE public.m_2020_rest ADD CONSTRAINT n_positive CHECK ((n > 0)) NOT VALID;
ALTER TABLE public.m_2020 ATTACH PARTITION public.m_2020_rest DEFAULT;
CREATE TABLE public.m_rest (
    at date CONSTRAINT m_at_not_null NOT NULL,
    n bigint
);
ALTER TABLE public.m_rest ADD CONSTRAINT n_positive CHECK ((n > 0)) NOT VALID;
ALTER TABLE public.m ATTACH PARTITION public.m_rest DEFAULT;
