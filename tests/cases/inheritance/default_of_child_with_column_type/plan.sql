DROP INDEX public.c_b_idx;
ALTER TABLE public.p ALTER COLUMN b TYPE timestamp with time zone USING b::text::timestamp with time zone;
ALTER TABLE public.c ALTER COLUMN b SET DEFAULT CURRENT_TIMESTAMP;
CREATE INDEX c_b_idx ON public.c (b) WHERE (b > '2020-01-01 00:00:00+00'::timestamp with time zone);
