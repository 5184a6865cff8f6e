CREATE EXTENSION vector SCHEMA public VERSION '0.8.5';
COMMENT ON EXTENSION vector IS 'vector data type and ivfflat and hnsw access methods';
CREATE TABLE public.item (
    id integer NOT NULL,
    embedding public.vector(3),
    CONSTRAINT item_pkey PRIMARY KEY (id)
);
CREATE INDEX item_embedding ON public.item USING hnsw (embedding public.vector_l2_ops);
