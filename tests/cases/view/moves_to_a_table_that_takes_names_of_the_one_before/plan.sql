ALTER TABLE public.t RENAME CONSTRAINT t_pkey TO t_pkey__old;
CREATE TABLE public.r (
    id integer NOT NULL,
    type text,
    amt numeric,
    CONSTRAINT t_pkey PRIMARY KEY (id)
);
CREATE OR REPLACE VIEW public.v AS
 SELECT type,
    sum(amt) AS total
   FROM public.r
  GROUP BY type;
DROP TABLE public.t;
