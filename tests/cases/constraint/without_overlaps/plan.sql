ALTER TABLE public.t ADD CONSTRAINT t_pkey PRIMARY KEY (id, during WITHOUT OVERLAPS);
CREATE TABLE public.r (
    id int4range,
    during daterange,
    CONSTRAINT r_id_during_fkey FOREIGN KEY (id, PERIOD during) REFERENCES public.t(id, PERIOD during)
);
