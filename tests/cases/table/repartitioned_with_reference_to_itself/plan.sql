DROP TABLE public.self;
CREATE TABLE public.self (
    id integer NOT NULL,
    CONSTRAINT self_id_key UNIQUE (id),
    CONSTRAINT self_id_fkey FOREIGN KEY (id) REFERENCES public.self(id)
)
PARTITION BY LIST (id);
