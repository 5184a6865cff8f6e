CREATE TYPE public.pair AS (
    a integer,
    b text COLLATE pg_catalog."C"
);
CREATE TABLE public.t (
    p public.pair,
    ps public.pair[]
);
DROP TYPE public.gone;
