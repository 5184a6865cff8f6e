CREATE TABLE public.mid PARTITION OF public.top (
    id CONSTRAINT mid_id_not_null NOT NULL
)
FOR VALUES FROM ('30') TO ('40')
PARTITION BY RANGE (id);
CREATE TABLE public.low PARTITION OF public.mid (
    id CONSTRAINT low_id_not_null NOT NULL
)
FOR VALUES FROM ('30') TO ('40');
ALTER TABLE public.top ADD CONSTRAINT top_pkey PRIMARY KEY (id);
ALTER TABLE public.top ADD CONSTRAINT top_other_fkey FOREIGN KEY (other) REFERENCES public.top(id);
