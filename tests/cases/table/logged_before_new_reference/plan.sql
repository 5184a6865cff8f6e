ALTER TABLE public.t SET LOGGED;
ALTER TABLE public.t ADD CONSTRAINT t_id_key UNIQUE NULLS NOT DISTINCT (id);
CREATE TABLE public.added (
    id integer,
    CONSTRAINT added_id_fkey FOREIGN KEY (id) REFERENCES public.t(id)
);
DROP TABLE public.gone;
