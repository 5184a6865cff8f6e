ALTER TABLE public.t DROP CONSTRAINT t_pkey;
ALTER TABLE public.t ADD COLUMN becomes integer;
ALTER TABLE public.t ALTER COLUMN g SET EXPRESSION AS ((becomes + 1));
ALTER TABLE public.t DROP COLUMN was;
ALTER TABLE public.t ADD CONSTRAINT named NOT NULL becomes;
ALTER TABLE public.t ADD CONSTRAINT t_pkey PRIMARY KEY (becomes);
ALTER TABLE public.v ADD COLUMN becomes integer;
CREATE OR REPLACE VIEW public.vv AS
 SELECT other,
    becomes AS n
   FROM public.v;
ALTER TABLE public.v DROP COLUMN was;
ALTER TABLE public.v ADD CONSTRAINT named NOT NULL becomes;
