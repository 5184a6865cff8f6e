ALTER TABLE public.e DETACH PARTITION public.e_2025;
ALTER TABLE public.e_2025 DETACH PARTITION public.e_2025_a;
ALTER TABLE public.e DROP CONSTRAINT e_pkey;
ALTER TABLE public.e_2025_a DROP CONSTRAINT e_2025_a_pkey;
ALTER TABLE public.e ALTER COLUMN st TYPE character varying(10);
DROP TABLE public.e_2025;
CREATE TABLE public.e_2025 (
    id bigint CONSTRAINT e_id_not_null NOT NULL,
    st character varying(10) CONSTRAINT e_st_not_null NOT NULL,
    at date CONSTRAINT e_at_not_null NOT NULL
)
PARTITION BY LIST (st);
ALTER TABLE public.e ATTACH PARTITION public.e_2025 FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
ALTER TABLE public.e_2025_a ALTER COLUMN st TYPE character varying(10);
ALTER TABLE public.e_2025 ATTACH PARTITION public.e_2025_a FOR VALUES IN ('a');
