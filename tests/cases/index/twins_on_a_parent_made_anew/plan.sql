ALTER TABLE public.t DETACH PARTITION public.p;
DROP INDEX public.p_id_idx;
DROP TABLE public.t;
CREATE TABLE public.t (
    id integer CONSTRAINT t_id_not_null NOT NULL
)
PARTITION BY LIST (id);
ALTER TABLE public.t ATTACH PARTITION public.p FOR VALUES IN (1);
CREATE UNIQUE INDEX two ON public.t (id) WHERE (id > 0);
CREATE UNIQUE INDEX one ON public.t (id) WHERE (id > 0);
