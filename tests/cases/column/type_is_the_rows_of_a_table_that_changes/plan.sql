ALTER TABLE public.wide SET UNLOGGED;
ALTER TABLE public.wide ALTER COLUMN b TYPE integer USING b::integer;
ALTER TABLE public.wide ALTER COLUMN d SET EXPRESSION AS ((a + 1));
ALTER TABLE public.wide ADD COLUMN c integer DEFAULT random();
ALTER TABLE public.of_wide ALTER COLUMN id TYPE public.wide USING id::text::public.wide;
ALTER TABLE public.of_wides ALTER COLUMN id TYPE public.wide[] USING id::text::public.wide[];
