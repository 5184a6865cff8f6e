DROP VIEW public.gv;
ALTER TABLE public.g DROP COLUMN b;
ALTER TABLE public.g ADD COLUMN b public.d GENERATED ALWAYS AS ((a * 2)) STORED;
ALTER TABLE public.g DROP COLUMN c;
ALTER TABLE public.g ADD COLUMN c integer GENERATED ALWAYS AS ((a + 1)) STORED;
ALTER TABLE public.g
    ALTER COLUMN e TYPE bigint,
    ALTER COLUMN f TYPE integer;
CREATE INDEX g_b_idx ON public.g (b);
ALTER TABLE public.h DROP COLUMN b;
ALTER TABLE public.h ADD COLUMN b integer GENERATED ALWAYS AS ((a * 2)) STORED;
ALTER TABLE public.p DROP COLUMN b;
ALTER TABLE public.p ADD COLUMN b public.d GENERATED ALWAYS AS ((a * 2)) STORED;
CREATE VIEW public.gv AS
 SELECT a,
    b
   FROM public.g;
